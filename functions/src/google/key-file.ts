import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Problem } from '../problem';

const keyFileSchema = z.object({
  type: z.literal('service_account'),
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().min(1),
});

/** The fields of a service account's JSON key that are used here. */
export type KeyFile = z.output<typeof keyFileSchema>;

export function unusableKeyFile(): Problem {
  return new Problem('misconfigured', {
    operator: {
      cause: 'GOOGLE_APPLICATION_CREDENTIALS does not name a readable JSON credentials file',
      account: 'GOOGLE_APPLICATION_CREDENTIALS',
      remedy: 'correct its path, or unset it where Google Cloud gives credentials by itself',
    },
  });
}

/**
 * The key file's content when it is a service account's; undefined for other credential files.
 *
 * @throws Problem `misconfigured` for a file that cannot be read.
 */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { type } = z.object({ type: z.string() }).parse(content);
    return type === 'service_account' ? keyFileSchema.parse(content) : undefined;
  } catch {
    // The parser's message would quote the key.
    throw unusableKeyFile();
  }
}
