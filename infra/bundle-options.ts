import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

export interface BundleInput {
  /** The repository's folder. */
  readonly root: string;
  /** The function's `index.ts`. */
  readonly entry: string;
  /** Ends in `.mjs`, so that Lambda loads it as an ES module. */
  readonly outfile: string;
}

/**
 * How every function is bundled: one ES module with the SDK inside. A function with the DynamoDB and EC2
 * clients: 1,725 KB loaded in 207 ms as CDK bundles it, 370 KB in 43 ms so. CDK's `NodejsFunction` takes
 * no esbuild plugins: functions are bundled before synth, and given to CDK as a folder.
 */
export function bundleOptions({ root, entry, outfile }: BundleInput): BuildOptions {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    treeShaking: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Without it esbuild takes the CommonJS builds of the SDK for platform node, and shakes nothing off.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(root, 'shared/runtime/env-credentials.ts') },
    plugins: [literalSchemaKeys, leaveOut, noWebStreams],
    legalComments: 'none',
    // For CommonJS dependencies that call require() on Node's own modules.
    banner: {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url),__folder=import.meta.dirname;",
    },
    // Cedar reads its WebAssembly from beside its own file: here, from beside the bundle.
    define: { __dirname: '__folder' },
  };
}

const SCHEMAS = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/][^\\/]+\.js$/;

/**
 * Writes the keys of the SDK's schemas out: `{[_xN]: "a"}` with `const _xN = "xmlName"` becomes
 * `{"xmlName": "a"}`. A computed key may have side effects, for all that esbuild knows, so that it keeps
 * every operation of a service for the few that are used; a literal one lets it drop them.
 */
export const literalSchemaKeys: Plugin = {
  name: 'literal-schema-keys',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, ({ path }) => ({
      contents: withLiteralKeys(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/**
 * Leaves out what the SDK imports on demand for what no function does: event streams, and reading a
 * browser's name. A module imported so is wrapped with all that it reaches, and nothing shaken off it.
 */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: /^(@smithy\/core\/event-streams|bowser)$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/**
 * middy imports web streams for answers that are streamed, of which no function has any; loading them costs
 * 0.8 ms of the 11 that a function may need beyond a bare handler. Nothing is an instance of what stands here.
 */
const noWebStreams: Plugin = {
  name: 'no-web-streams',
  setup(build) {
    build.onResolve({ filter: /^node:stream\/web$/ }, ({ importer, path }) =>
      /[\\/]@middy[\\/]/.test(importer) ? { path, namespace: 'no-web-streams' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'no-web-streams' }, () => ({
      contents: 'export class ReadableStream {}',
    }));
  },
};

export function withLiteralKeys(code: string): string {
  const constants = new Map<string, string>();
  for (const [, name, text] of code.matchAll(/^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm)) {
    if (name && text) constants.set(name, text);
  }
  return code.replace(/\[(_\w+)\]:/g, (all, name: string) => {
    const text = constants.get(name);
    return text === undefined ? all : `${text}:`;
  });
}
