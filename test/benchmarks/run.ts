import { actionPathFigures } from './action-path';
import { figuresJson } from './figure';
actionPathFigures((l) => console.error(l)).then((f) => console.log(JSON.stringify(figuresJson(f), null, 1)));
