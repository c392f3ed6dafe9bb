const PATH = /^(?:\/[\w-]+)+$/;

function prefixIn(address: string): string {
  const given = new URL(address).searchParams.get('prefix') ?? '';
  return PATH.test(given) ? given : '';
}

/**
 * What precedes the bridge's paths on this origin, such as `/tiki`: the bridge's PATH_PREFIX. A stopped
 * worker starts with nothing but its own address, so the page puts it there.
 */
export const PREFIX = prefixIn(location.href);
