// What `--html` and `--svg` write. Built into one file, nodeploy-page.cjs, which nothing else loads.
import {version} from 'page:version';
import {pageOf} from './html.js';
import {svgOf} from './look/svg.js';
import {zone} from './look/zone.js';
import {timelineOf} from './timeline.js';

export {version};

/** The page as a text. `about` is `{verb, environment, policy, now}`; its times are in the zone of this machine until somebody reads it elsewhere. */
export const html = (outcome, about) => pageOf(timelineOf(outcome, about), zone(false));

/** The still picture as a text. */
export const svg = (outcome, about) => `${svgOf(timelineOf(outcome, about), {zone: zone(false)})}\n`;
