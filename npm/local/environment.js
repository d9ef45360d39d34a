/** Whether Kosli would take this as the name of an environment, or of an organisation. */
export const isName = text => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);

/** Creates the environment `name` if there is none, over an executor's `send`; resolves to whether it was created. */
export async function ensureEnvironment({org, send}, name) {
  const path = `/api/v2/environments/${org}`;
  const known = await send({request: {method: 'GET', path: `${path}/${encodeURIComponent(name)}`}});
  if (known.status === 200) return false;
  const {status, body} = await send({request: {method: 'PUT', path, json: {name, type: 'server', description: ''}}});
  if (status !== 201 && status !== 200) throw new Error(`the environment \`${name}\` was not created: ${body}`);
  return status === 201;
}
