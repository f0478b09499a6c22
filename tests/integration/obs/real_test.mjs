// obs-websocket-js against Mainstay on air: what a producer's button does. OBS_URL and OBS_PASSWORD name the instance.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {OBSWebSocket as JsonClient} from 'obs-websocket-js/json';
import {OBSWebSocket as MsgpackClient} from 'obs-websocket-js/msgpack';
import {next} from './next.mjs';

const {OBS_URL, OBS_PASSWORD} = process.env;
const clients = [];

async function connect(Client) {
  const client = new Client();
  clients.push(client);
  await client.connect(OBS_URL, OBS_PASSWORD);
  return client;
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

test('a screenshot is the picture on air', async () => {
  const obs = await connect(MsgpackClient);
  const shot = async (sourceName) => (await obs.call('GetSourceScreenshot', {sourceName, imageFormat: 'png'})).imageData;
  const {currentProgramSceneName} = await obs.call('GetSceneList');
  const image = Buffer.from((await shot(currentProgramSceneName)).split(',')[1], 'base64');
  assert.equal(image.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([image.readUInt32BE(16), image.readUInt32BE(20)], [320, 180]);
  const other = currentProgramSceneName === 'Bars' ? 'Blue' : 'Bars';
  await assert.rejects(shot(other), (error) => error.code === 604);
});

test('the role operate runs the show and does not change it', async () => {
  const obs = await connect(JsonClient);
  await assert.rejects(obs.call('SetInputSettings', {inputName: 'blue', inputSettings: {color: '#ff0000'}}),
    (error) => error.code === 703);
  await assert.rejects(obs.call('CallVendorRequest', {vendorName: 'mainstay', requestType: 'show.set',
    requestData: {path: '/name', value: 'Mine'}}), (error) => error.code === 703);
});

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
