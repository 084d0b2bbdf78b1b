/**
 * The content codings in the header, without those that are none: servers also write a charset there, or `none`.
 * @param contentEncoding such as `gzip`, `deflate, br` or `utf-8`
 */
export function codingsIn(contentEncoding: string | undefined): string | undefined {
  return contentEncoding
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => !/^(?:none|binary|identity)?$/i.test(coding) && !isCharset(coding))
    .join(', ');
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label.replace(/^charset=/i, '')) !== undefined;
  } catch {
    return false;
  }
}
