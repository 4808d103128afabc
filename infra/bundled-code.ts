import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { apiDocuments } from '../shared/contracts/api/documents';
import { API_DOCUMENTS_ASSET, FUNCTIONS, type FunctionName, PLAYBOOKS_ASSET } from '../shared/names';
import { bundleOptions } from './bundle-options';
import type { FunctionCode } from './constructs/platform';

const ROOT = resolve(__dirname, '..');

export interface BundleFunctionsProps {
  /** An empty folder; each function gets one of its own in it. */
  readonly folder: string;
  /** Compiled playbooks as JSON, which are put beside the bootstrap function. */
  readonly playbooks: string;
}

/**
 * Bundles all functions, all at once, before synth: CDK is then given folders. What a folder holds names the
 * asset, so that a function is deployed only when its code has changed.
 * @throws of esbuild, with file and line, when a function does not build
 */
export async function bundleFunctions({ folder, playbooks }: BundleFunctionsProps): Promise<FunctionCode> {
  const folderOf = (name: FunctionName) => join(folder, name);
  await Promise.all(
    Object.values(FUNCTIONS).map((name) =>
      build(
        bundleOptions({
          root: ROOT,
          entry: join(ROOT, 'functions', name, 'index.ts'),
          outfile: join(folderOf(name), 'index.mjs'),
        }),
      ),
    ),
  );
  writeFileSync(join(folderOf(FUNCTIONS.bootstrap), PLAYBOOKS_ASSET), playbooks);
  writeFileSync(join(folderOf(FUNCTIONS.api), API_DOCUMENTS_ASSET), JSON.stringify(apiDocuments()));
  return (name) => Code.fromAsset(folderOf(name));
}
