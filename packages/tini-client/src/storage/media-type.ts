/** What the gateway takes: pictures, sound, video and PDF. */
const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  heif: 'image/heif',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  wav: 'audio/wav',
  pdf: 'application/pdf',
};

/** By the ending of the first path that has a known one; empty for none. */
export function mediaTypeOf(...paths: readonly string[]): string {
  const endings = paths.map((path) => path.replace(/.*\./, '').toLowerCase());
  return endings.map((ending) => TYPES[ending]).find(Boolean) || '';
}
