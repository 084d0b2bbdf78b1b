import { speakAs } from '../text/words.ts';
import { GITHUB_WORDS } from './github-words.ts';

// Loaded first: constants hold words, too.
speakAs(GITHUB_WORDS);
