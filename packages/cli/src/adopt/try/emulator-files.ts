/**
 * Files of tiki-bridge/ that only the emulators read, and that Git ignores: with them, `try` logs in at a
 * simulated Tiki. The address is the simulator's default one.
 */
export const SIMULATOR = {
  port: 9010,
  clientKey: 'demo-client-key',
  clientSecret: 'demo-client-secret',
} as const;

export const EMULATOR_FILES: Readonly<Record<string, string>> = {
  '.env.local': `# Read by the emulators only: the simulated Tiki of "try". Nothing here is a secret.
TIKI_CLIENT_KEY=${SIMULATOR.clientKey}
TIKI_API_BASE_URL=http://127.0.0.1:${SIMULATOR.port}/tiniapp-open-api
RATE_LIMIT_PER_MINUTE=0
`,
  '.secret.local': `TIKI_CLIENT_SECRET=${SIMULATOR.clientSecret}\n`,
};
