// obs-websocket-js against Mainstay on air: what a producer's button does. OBS_URL and OBS_PASSWORD name the instance.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {OBSWebSocket as JsonClient} from 'obs-websocket-js/json';
import {OBSWebSocket as MsgpackClient} from 'obs-websocket-js/msgpack';

const {OBS_URL, OBS_PASSWORD} = process.env;
const clients = [];

async function connect(Client) {
  const client = new Client();
  clients.push(client);
  await client.connect(OBS_URL, OBS_PASSWORD);
  return client;
}

function next(client, type) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${type} came`)), 10_000);
    client.once(type, (data) => {
      clearTimeout(timer);
      resolve(data);
    });
  });
}

after(async () => {
  for (const client of clients) await client.disconnect();
});

test('a wrong password is turned away', async () => {
  await assert.rejects(new JsonClient().connect(OBS_URL, 'not-the-password'), (error) => error.code === 4009);
});

for (const [name, Client] of [['JSON', JsonClient], ['MessagePack', MsgpackClient]]) {
  test(`a cut by ${name} is on air and told`, async () => {
    const obs = await connect(Client);
    const {scenes, currentProgramSceneName} = await obs.call('GetSceneList');
    const names = scenes.map((scene) => scene.sceneName).sort();
    assert.deepEqual(names, ['Bars', 'Blue']);
    const other = names.find((scene) => scene !== currentProgramSceneName);
    const told = next(obs, 'CurrentProgramSceneChanged');
    await obs.call('SetCurrentProgramScene', {sceneName: other});
    assert.equal((await told).sceneName, other);
    assert.equal((await obs.call('GetCurrentProgramScene')).currentProgramSceneName, other);
  });
}

test('stream, recording, outputs and our own commands', async () => {
  const obs = await connect(JsonClient);
  const stream = await obs.call('GetStreamStatus');
  assert.equal(stream.outputActive, true);
  assert.ok(stream.outputDuration > 0);
  const {outputs} = await obs.call('GetOutputList');
  assert.ok(outputs.some((output) => output.outputName === 'platform/main'), JSON.stringify(outputs));
  const recording = next(obs, 'RecordStateChanged');
  await obs.call('StartRecord');
  assert.equal((await recording).outputActive, true);
  assert.equal((await obs.call('GetRecordStatus')).outputActive, true);
  await obs.call('StopRecord');
  const state = await obs.call('CallVendorRequest', {vendorName: 'mainstay', requestType: 'state.get',
    requestData: {path: '/legs/platform/main'}});
  assert.equal(typeof state.responseData.kbps, 'number', JSON.stringify(state));
  const stopped = next(obs, 'StreamStateChanged');
  await obs.call('StopStream');
  assert.equal((await stopped).outputActive, false);
});
