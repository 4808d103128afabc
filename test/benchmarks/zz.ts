import { incidentCorpus, corpusLines } from './incident-corpus';
incidentCorpus(process.argv[2] ? [Number(process.argv[2])] : undefined).then((f) => console.log(corpusLines(f).join('\n')));
