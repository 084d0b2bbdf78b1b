import { randomBytes } from 'node:crypto';

export interface FormField {
  readonly name: string;
  readonly content: Buffer;
  /** A file has both. */
  readonly fileName?: string;
  readonly contentType?: string;
}

export interface FormBody {
  readonly body: Buffer;
  /** Names the boundary. */
  readonly contentType: string;
}

/**
 * A `multipart/form-data` body, its names escaped as browsers do.
 * @see RFC 7578, and https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function buildForm(fields: readonly FormField[]): FormBody {
  // 128 random bits: no content holds them by chance.
  const boundary = `smoke-test-${randomBytes(16).toString('hex')}`;
  const parts = fields.flatMap(({ name, content, fileName, contentType }) => {
    const file = fileName === undefined ? '' : `; filename="${escapeName(fileName)}"`;
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"${file}\r\n${type}\r\n`;
    return [Buffer.from(head, 'utf8'), content, Buffer.from('\r\n')];
  });
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

function escapeName(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
