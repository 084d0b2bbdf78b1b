import { speakAs } from '../text/words.ts';
import { AZURE_PIPELINES_WORDS } from './azure-pipelines-words.ts';

// Loaded first: constants hold words, too.
speakAs(AZURE_PIPELINES_WORDS);
