import { bundleOptions } from '../../infra/bundle-options';
import { build } from 'esbuild';
import { FUNCTIONS } from '../../shared/names';
import { statSync, writeFileSync } from 'node:fs';
(async()=>{ for (const n of Object.values(FUNCTIONS)) { const o=bundleOptions({root:'/work/main',entry:`/work/main/functions/${n}/index.ts`,outfile:`/tmp/bundles/${n}/index.mjs`}); const r=await build({...o, metafile:true}); writeFileSync(`/tmp/bundles/${n}/meta.json`, JSON.stringify(r.metafile)); console.log(n, Math.round(statSync(`/tmp/bundles/${n}/index.mjs`).size/1024)); }})();
