import { bundle, compile, ROOT } from './bundle.ts';
import { generate } from './generate.ts';

// What does not compile leaves the last build as it is.
compile();
generate(ROOT);
await bundle('github-action', 'dist');
