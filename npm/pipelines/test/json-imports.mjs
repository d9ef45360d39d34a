// GitHub's language service imports JSON as bundlers do; Node wants it said: `node --import ./json-imports.mjs`.
import {register} from 'node:module';

register(`data:text/javascript,${encodeURIComponent(`export const load = (url, context, next) =>
  next(url, url.endsWith('.json') ? {...context, importAttributes: {type: 'json'}} : context);`)}`);
