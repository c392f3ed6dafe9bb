import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What an instance with 256 MiB gives Node's heap: Google's buildpack allows old objects 80 % of the
 * memory, and V8 makes the nursery as small as it can. Both look at the container's limit, which a
 * laptop does not have; with gigabytes in sight V8 would put garbage collection off, and neither
 * memory nor CPU time would say anything about production.
 *
 * @see https://github.com/GoogleCloudPlatform/buildpacks/blob/main/cmd/nodejs/runtime/exec/heapsize.sh
 */
export const INSTANCE_HEAP = '--max-old-space-size=204 --max-semi-space-size=1';

/** The options of a function's process: the instance's, then those of its own in `.env`, if any. */
export function nodeOptionsOf(source: string): string {
  const file = join(source, '.env');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return `${INSTANCE_HEAP} ${/^NODE_OPTIONS=(.*)$/m.exec(text)?.[1] ?? ''}`.trim();
}
