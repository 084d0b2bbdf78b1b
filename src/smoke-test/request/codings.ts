/**
 * The content codings in the header, in lower case and in the order in which they were applied, without those that are
 * none: servers also write a charset there, or `none`.
 * @param contentEncoding such as `gzip`, `deflate, br` or `utf-8`
 */
export function codingsIn(contentEncoding: string | undefined): readonly string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !/^(?:none|binary|identity)?$/.test(coding) && !isCharset(coding));
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label.replace(/^charset=/, '')) !== undefined;
  } catch {
    return false;
  }
}
