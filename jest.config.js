/**
 * Three projects: `fast` needs Node only; `browser` looks at the built console in Chromium, served by the
 * simulator; `emulator` deploys the real stack to a LocalStack-compatible endpoint (`test/emulator/setup.ts`). Jest
 * runs TypeScript through swc; middy and jose are published as ES modules only, so they are transformed too.
 */
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j)sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@middy/|jose/)'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.grace', '<rootDir>/.emulator'],
};
module.exports = {
  testTimeout: 240_000,
  projects: [
    {
      ...shared,
      displayName: 'fast',
      roots: ['<rootDir>/test'],
      testPathIgnorePatterns: ['/test/emulator/', '/test/browser/'],
    },
    {
      ...shared,
      displayName: 'browser',
      roots: ['<rootDir>/test/browser'],
      globalSetup: '<rootDir>/test/browser/global-setup.ts',
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
