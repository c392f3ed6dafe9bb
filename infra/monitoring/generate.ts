// Writes the files of this folder that are in Google's formats: npm run monitoring
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { monitoringFiles } from './files';

async function main(): Promise<void> {
  const files = monitoringFiles();
  for (const folder of new Set([...files.keys()].map((file) => path.dirname(file)))) {
    rmSync(path.join(__dirname, folder), { recursive: true, force: true });
    mkdirSync(path.join(__dirname, folder));
  }
  for (const [file, content] of files) {
    const text = await format(JSON.stringify(content), { parser: 'json', printWidth: 100 });
    writeFileSync(path.join(__dirname, file), text);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
