import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../shared/names';
import type { FunctionCode } from './constructs/platform';

const ROOT = resolve(__dirname, '..');
/** The functions that have the compiled playbooks beside their handler, as `playbooks.json`. */
const PLAYBOOK_READERS: readonly FunctionName[] = [FUNCTIONS.sentinel, FUNCTIONS.bootstrap];

export interface BundledCodeProps {
  /** Compiled playbooks as JSON; called once. */
  readonly playbooks: () => string;
}

/** The real code: each function one ES module with all it needs, the SDK included. */
export function bundledCode({ playbooks }: BundledCodeProps): FunctionCode {
  let compiled: string | undefined;
  return (name) =>
    Code.fromAsset(join(ROOT, 'functions', name), {
      // By what comes out, so that a function is deployed only when its code has changed.
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        image: DockerImage.fromRegistry('never-used'),
        local: {
          tryBundle(folder) {
            bundleFunction(name, folder);
            if (PLAYBOOK_READERS.includes(name)) {
              compiled ??= playbooks();
              writeFileSync(join(folder, 'playbooks.json'), compiled);
            }
            return true;
          },
        },
      },
    });
}

/**
 * Bundles one function into `folder/index.mjs`.
 * @throws of esbuild, with file and line, when there is no such function or it does not build
 */
export function bundleFunction(name: FunctionName, folder: string): void {
  mkdirSync(folder, { recursive: true });
  buildSync({
    ...BUNDLE,
    entryPoints: [join(ROOT, 'functions', name, 'index.ts')],
    outfile: join(folder, 'index.mjs'),
  });
}

const BUNDLE: BuildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  // The oldest that the code may meet: emulators run it on the machine's own Node.
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'error',
  absWorkingDir: ROOT,
  // Credentials come by the environment in Lambda; the other providers are most of a small client's weight.
  alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'shared/runtime/env-credentials.ts') },
  // Packages of the old module format still ask for `require`.
  banner: {
    js: "import{createRequire as graceRequire}from'node:module';const require=graceRequire(import.meta.url);",
  },
};
