import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { redactLong } from '../secrets/secret.ts';
import { visible } from '../secrets/untrusted.ts';
import type { Reply } from '../smoke-test/request/exchange.ts';

/**
 * Writes the body of a reply to a file of its own: byte for byte when it holds no secret, else redacted.
 * @returns the file's path; undefined when there is no body, or it cannot be written, which the host is told
 */
export async function writeResponseFile(host: Host, reply: Reply | undefined): Promise<string | undefined> {
  if (reply?.body === undefined) return undefined;
  const json = /\bjson\b/i.test(reply.headers['content-type'] ?? '');
  try {
    // A folder of its own: other steps and jobs on the same machine write theirs.
    const folder = await mkdtemp(join(temporaryFolder(process.env), 'azureml-endpoint-'));
    const path = join(folder, json ? 'response.json' : 'response');
    await writeFile(path, await withoutSecrets(reply.body), { flag: 'wx', mode: 0o600 });
    return path;
  } catch (error) {
    // The verdict stands without it.
    const { code, message } = error as NodeJS.ErrnoException;
    host.warning(`The response cannot be written to a file: ${code ?? message}.`, { title: 'Response file' });
    return undefined;
  }
}

async function withoutSecrets(body: Buffer): Promise<Buffer | string> {
  const text = body.toString('utf8');
  // Invisible characters may stand between those of a secret, and a secret may hold some itself: so the text is
  // searched both with and without them.
  const bare = visible(text);
  const redacted = await redactLong(bare);
  if (redacted !== bare) return redacted;
  return bare === text || (await redactLong(text)) === text ? body : redacted;
}
