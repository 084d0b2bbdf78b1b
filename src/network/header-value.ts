/** What HTTP can carry in a header: no line break, no control character but the tab, nothing beyond Latin-1. */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
