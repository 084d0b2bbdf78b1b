import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** Unpacks a zip archive, which an extension of Azure Pipelines is, as the agent does before it runs a task. */
export function unzip(archive: string, folder: string): void {
  const bytes = readFileSync(archive);
  let end = bytes.length - 22;
  while (bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`${archive} is damaged.`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    ) as [number, number, number];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(at + 20));
    const path = join(folder, name);
    if (!path.startsWith(`${folder}${sep}`)) throw new Error(`${name} leads out of the archive.`);
    if (!name.endsWith('/')) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed));
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
}
