/** Unit, attack and process tests of the deployed functions. */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  // Applies only to hung tests; no test relies on it.
  testTimeout: 300_000,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  silent: true,
  globalSetup: '<rootDir>/test/support/build.cjs',
  setupFiles: ['<rootDir>/test/support/environment.ts', '<rootDir>/test/support/property-seed.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/support/hold-log.ts'],
  // Lazy imports name the built file, as Node wants it; here it is still TypeScript.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json', diagnostics: false }],
    // An ES module, which jest cannot load as it is.
    '/node_modules/jose/.+\\.js$': [
      'ts-jest',
      { tsconfig: { allowJs: true, module: 'commonjs', target: 'es2022' }, diagnostics: false },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/**/*.test.ts',
    '!src/**/*.d.ts',
    '!src/operator.ts',
    // Tested against the Firestore emulator, in the suite "process".
    '!src/premium/{audit-trail,connection}.ts',
    '!src/user/{connect-users,open-users,plain}.ts',
    '!src/payments/{operate,store}.ts',
    '!src/push/{assemble,daily,devices,operate,send-notification,store}.ts',
    '!src/sessions/{devices,firestore-call,hand-overs}.ts',
    // Put together, and tested, in processes of their own.
    '!src/{backend,payments,sessions}/assemble.ts',
    // The same, before fakes of Google's services.
    '!src/google/{auth-library,default-source,impersonation,jwt-signer,key-source,lifetime}.ts',
    '!src/google/{google-id-token,open-credentials}.ts',
  ],
  coverageThreshold: { global: { statements: 95, branches: 94 } },
};
