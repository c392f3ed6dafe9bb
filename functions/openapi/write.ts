// Writes docs/openapi.json: npm run openapi
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { openApiDocument } from './document';

async function main(): Promise<void> {
  const text = await format(JSON.stringify(openApiDocument()), { parser: 'json', printWidth: 100 });
  writeFileSync(path.join(__dirname, '../../docs/openapi.json'), text);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
