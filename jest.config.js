/**
 * Two projects: `fast` needs Node only; `emulator` deploys the real stack to a LocalStack-compatible
 * endpoint (`test/emulator/setup.ts`). Jest runs TypeScript through swc; middy is published as ES modules
 * only (as is jose), so they are transformed too.
 */
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j)sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@middy|jose)/)'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.grace', '<rootDir>/.emulator'],
};
module.exports = {
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'fast',
      roots: ['<rootDir>/test'],
      testPathIgnorePatterns: ['/test/emulator/'],
    },
    {
      ...shared,
      displayName: 'emulator',
      roots: ['<rootDir>/test/emulator'],
      globalSetup: '<rootDir>/test/emulator/setup.ts',
      globalTeardown: '<rootDir>/test/emulator/teardown.ts',
      setupFilesAfterEnv: ['<rootDir>/test/emulator/environment.ts'],
    },
  ],
};
