import { Buffer } from 'node:buffer';

/** One way in which (a part of) a secret can be written. */
export interface Form {
  readonly name: string;
  readonly text: string;
  /** So many characters of `text` in a row already give the secret away. */
  readonly telling: number;
}

/** Twelve characters of a secret, or what they become in an encoding. */
const TELLING = 12;
/** The claims of a token begin alike from token to token, so more of them is needed. */
const TELLING_CLAIMS = 24;
const TELLING_SIGNATURE = 16;
/** Shorter encoded texts stand in innocent ones by chance. */
const SHORTEST_ENCODED = 8;

/** Every form of a secret that must not be seen. Of a JWT the header is no secret. */
export function formsOf(secret: string): readonly Form[] {
  const jwt = jwtParts(secret);
  const forms =
    jwt === undefined
      ? encode(secret, '', TELLING)
      : [
          ...encode(jwt.payload, 'JWT payload, ', TELLING_CLAIMS),
          ...encode(jwt.signature, 'JWT signature, ', TELLING_SIGNATURE),
        ];
  const distinct = new Map<string, Form>();
  for (const form of forms) {
    if (!distinct.has(form.text)) distinct.set(form.text, form);
  }
  return [...distinct.values()];
}

function jwtParts(secret: string): { payload: string; signature: string } | undefined {
  const [, header, payload, signature] = /^(eyJ[\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(secret) ?? [];
  return header === undefined || payload === undefined || signature === undefined
    ? undefined
    : { payload, signature };
}

function encode(value: string, prefix: string, telling: number): Form[] {
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const json = JSON.stringify(value).slice(1, -1);
  const percent = encodeURIComponent(value.toWellFormed());
  const strictPercent = percent.replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const reversed = [...value].reverse().join('');

  const plain: Form = { name: `${prefix}plain`, text: value, telling };
  const likeText: [name: string, text: string][] = [
    ['lower case', value.toLowerCase()],
    ['upper case', value.toUpperCase()],
    ['reversed', reversed],
    ['NFC', value.normalize('NFC')],
    ['NFD', value.normalize('NFD')],
    ['percent-encoded', percent],
    ['percent-encoded, RFC 3986', strictPercent],
    ['percent-encoded, lower-case hex', lowerHex(percent)],
    ['percent-encoded, RFC 3986, lower-case hex', lowerHex(strictPercent)],
    ['form-encoded', new URLSearchParams([['', value]]).toString().slice(1)],
    ['JSON', json],
    ['JSON twice', JSON.stringify(json).slice(1, -1)],
    ['XML', xml(value, '&apos;')],
    ['HTML', xml(value, '&#39;')],
  ];
  const base64 = [0, 1, 2].flatMap((offset): [name: string, text: string, perByte: number][] => {
    const core = base64Core(bytes, offset);
    return [
      [`base64 at byte ${offset}`, core, 4 / 3],
      [`base64url at byte ${offset}`, core.replaceAll('+', '-').replaceAll('/', '_'), 4 / 3],
    ];
  });
  const twice = [0, 1, 2].flatMap((inner) =>
    [0, 1, 2].map((outer): [name: string, text: string, perByte: number] => [
      `base64 at byte ${inner} in base64 at byte ${outer}`,
      base64Core(Buffer.from(base64Core(bytes, inner)), outer),
      16 / 9,
    ]),
  );
  const widened: [name: string, text: string, perByte: number][] = [
    ...base64,
    ...twice,
    ['hex', hex, 2],
    ['upper-case hex', hex.toUpperCase(), 2],
    ['decimal bytes', [...bytes].join(','), 3],
  ];
  return [
    ...(value === '' ? [] : [plain]),
    ...likeText.map(([name, text]) => ({ name: prefix + name, text, telling })),
    ...widened.map(([name, text, perByte]) => ({
      name: prefix + name,
      text,
      telling: Math.ceil(telling * perByte),
    })),
  ].filter((form) => form === plain || form.text.length >= SHORTEST_ENCODED);
}

/** The characters that base64 gives these bytes whatever comes after them, and whatever `offset` bytes before. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

function lowerHex(percentEncoded: string): string {
  return percentEncoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function xml(value: string, apostrophe: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe);
}
