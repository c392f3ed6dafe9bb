import eslint from '@eslint/js';
import firebaseRules from '@firebase/eslint-plugin-security-rules';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const rulesConfig = firebaseRules.configs['flat/recommended'];

export default defineConfig(
  { ignores: ['**/lib/', '**/coverage/', '**/node_modules/', '**/dist/', '**/.stryker-tmp/'] },
  eslint.configs.recommended,
  {
    ...rulesConfig,
    languageOptions: {
      // ESLint's cache needs to know which parser this is, and the parser does not say.
      parser: { ...rulesConfig.languageOptions.parser, meta: firebaseRules.meta },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Numbers and booleans print as one expects; everything else still has to be made a string.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-deprecated': [
        'error',
        // Its successor gives an installation's id, to which firebase-admin 13 cannot send.
        { allow: [{ from: 'package', package: '@firebase/messaging', name: 'getToken' }] },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        URL: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  prettier,
);
