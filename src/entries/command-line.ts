// The order of these imports matters: stderr is kept before it is taken away from libraries, and those read the
// proxy variables as they are loaded, thus after their repair.
import '../process/own-stderr.ts';
import '../process/silence-warnings.ts';
import '../network/proxy-environment.ts';
import '../process/without-form-data.ts';

import { commandLineHost } from '../hosts/command-line.ts';
import { tolerateClosedOutput } from '../process/closed-output.ts';
import { speakAs } from '../text/words.ts';

tolerateClosedOutput();
const host = await commandLineHost(process.argv.slice(2), process.env);
speakAs(host.words);
// Loaded after the words were said: constants hold them, too.
const { runCommandLine } = await import('../command-line/program.ts');
await runCommandLine(process.argv.slice(2), host);
