/**
 * Who may import whom: the table of docs/architecture.md. dependency-cruiser cannot tell `import type`, so
 * the type-only cells, and all of `web/`, whose JSX its parser does not read, are held by
 * test/unit/import-rules.test.ts.
 */
const SDK = '^node_modules/@aws-sdk/';
const CDK = '^node_modules/(aws-cdk-lib|constructs|cdk-nag)/';
const LOGIC = '^functions/[^/]+/(?!index\\.ts$)[^/]+\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'domain-is-pure', severity: 'error', from: { path: '^shared/domain/' }, to: { path: '^(shared/(ports|stores|executors|outbound|runtime)/|shared/names|functions/|infra/|cli/|node_modules/(?!@types))' } },
    { name: 'contracts-know-no-machinery', severity: 'error', from: { path: '^shared/contracts/' }, to: { path: '^(shared/(ports|stores|executors|outbound|runtime)/|functions/|infra/|cli/)' } },
    { name: 'ports-are-interfaces', severity: 'error', from: { path: '^shared/ports/' }, to: { path: '^(shared/(stores|executors|outbound|runtime)/|functions/|infra/|cli/|node_modules/@aws-sdk)' } },
    { name: 'stores-and-executors', severity: 'error', from: { path: '^shared/(stores|executors)/' }, to: { path: '^(shared/runtime/|functions/|infra/|cli/)' } },
    { name: 'outbound', severity: 'error', from: { path: '^shared/outbound/' }, to: { path: '^(shared/(contracts|stores|executors|runtime)/|functions/|infra/|cli/)' } },
    { name: 'runtime', severity: 'error', from: { path: '^shared/runtime/' }, to: { path: '^(shared/(domain|ports|stores|executors)/|functions/|infra/|cli/)' } },
    { name: 'logic-has-ports-only', severity: 'error', from: { path: LOGIC }, to: { path: `^(shared/(stores|executors|outbound|runtime)/|infra/|cli/)|${SDK}` } },
    { name: 'no-function-imports-another', severity: 'error', from: { path: '^functions/([^/]+)/' }, to: { path: '^functions/', pathNot: '^functions/$1/' } },
    { name: 'logic-is-imported-by-its-wiring-and-the-simulator', severity: 'error', from: { pathNot: '^(functions/|cli/|test/)' }, to: { path: '^functions/' } },
    { name: 'infra', severity: 'error', from: { path: '^infra/' }, to: { path: '^(shared/(domain|ports|stores|executors|runtime)/|functions/|cli/)' } },
    { name: 'shared-imports-no-tools', severity: 'error', from: { path: '^(shared|functions)/' }, to: { path: CDK } },
    { name: 'nobody-imports-web', severity: 'error', from: { pathNot: '^(web|test)/' }, to: { path: '^web/' } },
    { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdk\\.out|\\.grace|\\.emulator)' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
    parser: 'swc',
    tsPreCompilationDeps: true,
  },
};
