/** What Cloud Storage takes as a media type, without parameters: `type/subtype` of RFC 9110, 8.3.1. */
const MEDIA_TYPE = /^[a-z0-9][\w.+-]{0,63}\/[a-z0-9][\w.+-]{0,63}$/;

/**
 * Whether files of a type may be uploaded: what `my.uploadFile` takes (pictures, sound, video), and
 * PDF. Storage shows a file under the type that its uploader claims, so nothing that can carry a
 * script is among them; SVG can.
 */
export function isUploadable(type: string): boolean {
  if (!MEDIA_TYPE.test(type) || /svg|xml|html|script/.test(type)) return false;
  return /^(?:image|audio|video)\//.test(type) || type === 'application/pdf';
}
