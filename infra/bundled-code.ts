import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { apiDocuments } from '../shared/contracts/api/documents';
import {
  API_DOCUMENTS_ASSET,
  FUNCTIONS,
  type FunctionName,
  PLAYBOOKS_ASSET,
  POLICIES_ASSET,
} from '../shared/names';
import { bundleOptions } from './bundle-options';
import type { FunctionCode } from './constructs/platform';

const ROOT = resolve(__dirname, '..');
const CEDAR = dirname(createRequire(__filename).resolve('@cedar-policy/cedar-wasm/nodejs'));
const CEDAR_WASM = 'cedar_wasm_bg.wasm';

export interface BundleFunctionsProps {
  /** An empty folder; each function gets one of its own in it. */
  readonly folder: string;
  /** Compiled playbooks as JSON, which are put beside the bootstrap function. */
  readonly playbooks: string;
  /** Compiled policies as JSON, which are put beside every function that reads them. */
  readonly policies: string;
}

/**
 * Bundles all functions, all at once, before synth: CDK is then given folders. What a folder holds names the
 * asset, so that a function is deployed only when its code has changed.
 * @throws of esbuild, with file and line, when a function does not build
 */
export async function bundleFunctions(props: BundleFunctionsProps): Promise<FunctionCode> {
  const { folder, playbooks, policies } = props;
  const folderOf = (name: FunctionName) => join(folder, name);
  await Promise.all(
    Object.values(FUNCTIONS).map((name) =>
      bundleInto(folderOf(name), join(ROOT, 'functions', name, 'index.ts'), policies),
    ),
  );
  writeFileSync(join(folderOf(FUNCTIONS.bootstrap), PLAYBOOKS_ASSET), playbooks);
  writeFileSync(join(folderOf(FUNCTIONS.api), API_DOCUMENTS_ASSET), JSON.stringify(apiDocuments()));
  return (name) => Code.fromAsset(folderOf(name));
}

/**
 * Bundles one entry into a folder as `index.mjs`, with the files beside it that it reads at run time. Which ones
 * follows from what is in the bundle, so that no list can forget a function.
 */
export async function bundleInto(folder: string, entry: string, policies: string): Promise<void> {
  const options = bundleOptions({ root: ROOT, entry, outfile: join(folder, 'index.mjs') });
  const { metafile } = await build({ ...options, metafile: true });
  const holds = (module: RegExp) => Object.keys(metafile.inputs).some((input) => module.test(input));
  if (holds(/shared\/stores\/policies-asset\.ts$/)) writeFileSync(join(folder, POLICIES_ASSET), policies);
  if (holds(/cedar_wasm\.js$/)) copyFileSync(join(CEDAR, CEDAR_WASM), join(folder, CEDAR_WASM));
}
