import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Node's heap limits on a 256 MiB instance: Google's buildpack sets the old generation to 80 % of
 * the memory, and V8 minimizes the young generation. Both depend on the container's limit, which a
 * laptop does not have: with gigabytes available V8 would delay garbage collection, and memory and
 * CPU time would not be comparable to production.
 *
 * @see https://github.com/GoogleCloudPlatform/buildpacks/blob/main/cmd/nodejs/runtime/exec/heapsize.sh
 */
export const INSTANCE_HEAP = '--max-old-space-size=204 --max-semi-space-size=1';

/** NODE_OPTIONS of a function: the instance's heap limits, then those in its `.env`, if any. */
export function nodeOptionsOf(source: string): string {
  const file = join(source, '.env');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return `${INSTANCE_HEAP} ${/^NODE_OPTIONS=(.*)$/m.exec(text)?.[1] ?? ''}`.trim();
}
