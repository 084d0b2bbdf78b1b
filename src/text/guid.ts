/** A GUID as Azure writes its IDs: without braces, in either case. */
export const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
