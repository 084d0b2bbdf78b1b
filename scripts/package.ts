import { compile } from './bundle.ts';
import { packageCommandLine } from './package-command-line.ts';
import { packageTask } from './package-task.ts';

// Both packages go into build/, and nothing else changes.
compile();
console.log(await packageCommandLine());
console.log(await packageTask());
