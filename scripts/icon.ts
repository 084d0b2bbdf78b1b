import { crc32, deflateSync } from 'node:zlib';

const SIZE = 128;

/** A PNG of a green gauge on a dark ground, for the extension's page. */
export function iconPng(): Buffer {
  const rows: Buffer[] = [];
  for (let y = 0; y < SIZE; y++) {
    const row = Buffer.alloc(1 + SIZE * 4);
    for (let x = 0; x < SIZE; x++) row.set(colorAt(x + 0.5, y + 0.5), 1 + x * 4);
    rows.push(row);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  // Eight bits a channel, red, green, blue and alpha.
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colorAt(x: number, y: number): readonly number[] {
  const fromCentre = Math.hypot(x - 64, y - 64);
  if (fromCentre > 62) return [0, 0, 0, 0];
  const onRing = fromCentre > 46 && fromCentre < 54;
  if (onRing) return [0x3f, 0xb9, 0x50, 255];
  return isTick(x, y) ? [255, 255, 255, 255] : [0x0b, 0x3d, 0x66, 255];
}

/** A tick of two strokes. */
function isTick(x: number, y: number): boolean {
  return isNear(x, y, [42, 66], [58, 82]) || isNear(x, y, [58, 82], [88, 48]);
}

function isNear(
  x: number,
  y: number,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): boolean {
  const length2 = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length2));
  return Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)) < 5.5;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
