import { expect, test } from 'vitest';
import { objectIdOf, readClaims } from '../../../../src/azure/sign-in/jwt.ts';
import { KEY } from '../../../support/azure.ts';

test('the claims of a token are read as UTF-8', () => {
  // {"alg":"none"} . {"oid":"1a327ac2","name":"Zoë"}
  const token = 'eyJhbGciOiJub25lIn0.eyJvaWQiOiIxYTMyN2FjMiIsIm5hbWUiOiJab8OrIn0.c2ln';
  expect(readClaims(token)).toEqual({ oid: '1a327ac2', name: 'Zoë' });
  expect(objectIdOf(readClaims(token))).toBe('1a327ac2');
});

test.each([
  ['an empty string', ''],
  ['an opaque token', KEY],
  ['a payload that is not JSON', 'eyJhbGciOiJub25lIn0.bm9uc2Vuc2U.c2ln'],
  ['a payload that is null', 'eyJhbGciOiJub25lIn0.bnVsbA.c2ln'],
  ['a payload that is a number', 'eyJhbGciOiJub25lIn0.NDI.c2ln'],
])('%s has no claims', (_what, token) => {
  expect(readClaims(token)).toEqual({});
});

test.each([{}, { oid: 42 }, { oid: null }, { oid: '' }, { OID: 'x' }])(
  'the claims %j have no object ID',
  (claims) => {
    expect(objectIdOf(claims)).toBeUndefined();
  },
);
