/** Tests of the development tools and of the whole chain; functions/ has its own configuration. */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  // Applies only to hung tests; no test relies on it.
  testTimeout: 300_000,
  // Looked up through the sandbox, `Array` makes the parser of the security rules five times slower.
  sandboxInjectedGlobals: ['Array'],
  roots: ['bench', 'examples', 'packages', 'rules', 'test'].map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/functions/test/support/build.cjs',
  setupFiles: ['<rootDir>/test/property-seed.ts'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json', diagnostics: false }],
  },
};
