#!/usr/bin/env node
// A fixed entry: npx caches the link to it, so it only registers the TypeScript loader and hands over.
import { createRequire } from 'node:module';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

// The code is CommonJS to Node (no "type" in package.json); `import()` inside it goes through the other one.
registerCommonJs();
register();
const { run } = createRequire(import.meta.url)('../cli/main.ts');
process.exitCode = await run(process.argv.slice(2));
