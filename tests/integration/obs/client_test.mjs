// obs-websocket-js against our server: every request of tiers A and B, events, batches, passwords, close codes, in JSON
// and in MessagePack. OBS_SERVER names the program that serves; it prints its port.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {after, test} from 'node:test';
import {OBSWebSocket as JsonClient} from 'obs-websocket-js/json';
import {OBSWebSocket as MsgpackClient} from 'obs-websocket-js/msgpack';
import WebSocket from 'ws';
import {next} from './next.mjs';
import {breaches, events, responses} from './shapes.mjs';

const encodings = {json: JsonClient, msgpack: MsgpackClient};
const servers = [];
const clients = [];

async function serve(password = '') {
  const child = spawn(process.env.OBS_SERVER, password ? [password] : [], {stdio: ['pipe', 'pipe', 'inherit']});
  servers.push(child);
  const [line] = await once(child.stdout, 'data');
  return {url: `ws://127.0.0.1:${Number(line)}`, child};
}

async function connect(encoding, url, password, options = {}) {
  const client = new encodings[encoding]();
  clients.push(client);
  client.hello = await client.connect(url, password, options);
  return client;
}

after(async () => {
  for (const client of clients) await client.disconnect();
  for (const child of servers) {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  }
});

async function checked(client, type, data) {
  const response = await client.call(type, data);
  assert.deepEqual(breaches(responses, type, response), []);
  return response;
}

async function refused(code, promise) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    assert.ok(error.message, 'a refusal says why');
    return true;
  });
}

const everything = 0xFFF | 1 << 17 | 1 << 18 | 1 << 19;  // also what comes often
const ofOthers = ['StartVirtualCam', 'SaveReplayBuffer', 'OpenInputFiltersDialog'];

for (const encoding of Object.keys(encodings)) {
  for (const password of ['', 'a secret: ü']) {
    test(`all requests, ${encoding}, ${password ? 'with' : 'without'} a password`, async () => {
      const {url} = await serve(password);
      const client = await connect(encoding, url, password);
      assert.equal(client.hello.negotiatedRpcVersion, 1);
      const version = await checked(client, 'GetVersion');
      assert.ok(version.availableRequests.includes('GetSceneList'));
      for (const type of ['GetStudioModeEnabled', 'GetStats', 'GetStreamStatus', 'GetRecordStatus', 'GetRecordDirectory',
        'GetOutputList', 'GetSceneList', 'GetVideoSettings', 'GetHotkeyList', 'GetProfileList', 'GetSceneCollectionList',
        'GetSceneTransitionList', 'GetCurrentSceneTransition', 'GetSpecialInputs', 'GetInputKindList', 'GetMonitorList',
        'GetStreamServiceSettings', 'GetCurrentProgramScene', 'GetInputList', 'GetGroupList', 'GetTransitionKindList']) {
        await checked(client, type);
      }
      await refused(604, client.call('GetReplayBufferStatus'));
      const {inputKinds} = await checked(client, 'GetInputKindList', {unversioned: false});
      for (const inputKind of inputKinds) await checked(client, 'GetInputDefaultSettings', {inputKind});

      const {scenes} = await checked(client, 'GetSceneList');
      assert.ok(scenes.length >= 2);
      for (const {sceneUuid} of scenes) await checked(client, 'GetSceneItemList', {sceneUuid});
      const item = await checked(client, 'GetSceneItemId', {sceneName: 'Main', sourceName: 'clip'});
      for (const type of ['GetSceneItemEnabled', 'GetSceneItemLocked', 'GetSceneItemIndex', 'GetSceneItemTransform',
        'GetSceneItemBlendMode', 'GetSceneItemSource']) {
        await checked(client, type, {sceneName: 'Main', ...item});
      }
      const place = {sceneName: 'Main', ...item};
      await checked(client, 'SetSceneItemTransform', {...place, sceneItemTransform: {positionX: 10, rotation: 90, cropLeft: 4}});
      assert.equal((await client.call('GetSceneItemTransform', place)).sceneItemTransform.cropLeft, 4);
      await checked(client, 'SetSceneItemEnabled', {...place, sceneItemEnabled: true});
      await checked(client, 'SetSceneItemLocked', {...place, sceneItemLocked: false});
      await checked(client, 'SetSceneItemIndex', {...place, sceneItemIndex: 1});
      await checked(client, 'SetSceneItemBlendMode', {...place, sceneItemBlendMode: 'OBS_BLEND_SCREEN'});
      const made = await checked(client, 'CreateSceneItem', {sceneName: 'Main', sourceName: 'bars'});
      await checked(client, 'RemoveSceneItem', {sceneName: 'Main', ...made});
      const copy = await checked(client, 'DuplicateSceneItem', place);
      await checked(client, 'RemoveSceneItem', {sceneName: 'Main', ...copy});
      await checked(client, 'CreateScene', {sceneName: 'Titles'});
      await checked(client, 'SetSceneName', {sceneName: 'Titles', newSceneName: 'Credits'});
      await checked(client, 'RemoveScene', {sceneName: 'Credits'});
      await checked(client, 'SetStudioModeEnabled', {studioModeEnabled: true});
      await checked(client, 'SetCurrentPreviewScene', {sceneName: 'Break'});
      assert.equal((await checked(client, 'GetCurrentPreviewScene')).currentPreviewSceneName, 'Break');
      await checked(client, 'SetSceneSceneTransitionOverride', {sceneName: 'Break', transitionName: 'wipe', transitionDuration: 400});
      await checked(client, 'GetSceneSceneTransitionOverride', {sceneName: 'Break'});
      await checked(client, 'SetCurrentSceneTransition', {transitionName: 'wipe'});
      await checked(client, 'SetCurrentSceneTransitionDuration', {transitionDuration: 500});
      await checked(client, 'SetCurrentSceneTransitionSettings', {transitionSettings: {shape: 'circle'}});
      await checked(client, 'GetCurrentSceneTransition');
      await checked(client, 'GetCurrentSceneTransitionCursor');
      const slot = {realm: 'OBS_WEBSOCKET_DATA_REALM_PROFILE', slotName: 'deck'};
      assert.equal((await checked(client, 'GetPersistentData', slot)).slotValue, null);
      await checked(client, 'SetPersistentData', {...slot, slotValue: {page: 2, names: ['ü', null]}});
      assert.deepEqual((await checked(client, 'GetPersistentData', slot)).slotValue, {page: 2, names: ['ü', null]});
      await checked(client, 'GetInputSettings', {inputName: 'clip'});
      await checked(client, 'SetInputSettings', {inputName: 'clip', inputSettings: {loop: false}});
      assert.equal((await client.call('GetInputSettings', {inputName: 'clip'})).inputSettings.loop, false);
      await checked(client, 'GetSourceActive', {sourceName: 'clip'});
      const filter = {sourceName: 'clip', filterName: 'soft'};
      assert.ok((await checked(client, 'GetSourceFilterKindList')).sourceFilterKinds.includes('blur'));
      await checked(client, 'GetSourceFilterDefaultSettings', {filterKind: 'blur'});
      await checked(client, 'CreateSourceFilter', {...filter, filterKind: 'blur', filterSettings: {radius: 4}});
      await refused(601, client.call('CreateSourceFilter', {...filter, filterKind: 'blur'}));
      await checked(client, 'SetSourceFilterEnabled', {...filter, filterEnabled: false});
      await checked(client, 'SetSourceFilterSettings', {...filter, filterSettings: {radius: 6}});
      await checked(client, 'SetSourceFilterIndex', {...filter, filterIndex: 0});
      const set = await checked(client, 'GetSourceFilter', filter);
      assert.deepEqual([set.filterEnabled, set.filterSettings.radius], [false, 6]);
      await checked(client, 'SetSourceFilterName', {...filter, newFilterName: 'softer'});
      assert.equal((await checked(client, 'GetSourceFilterList', {sourceName: 'clip'})).filters[0].filterName, 'softer');
      await checked(client, 'RemoveSourceFilter', {sourceName: 'clip', filterName: 'softer'});

      await checked(client, 'StartStream');
      await refused(500, client.call('StartStream'));
      await checked(client, 'StartRecord');
      assert.equal((await checked(client, 'ToggleRecord')).outputActive, false);
      await checked(client, 'StartRecord');
      await checked(client, 'SetCurrentProgramScene', {sceneName: 'Break'});
      for (const imageFormat of version.supportedImageFormats) {
        const {imageData} = await checked(client, 'GetSourceScreenshot', {sourceName: 'Break', imageFormat, imageWidth: 320});
        assert.match(imageData, new RegExp(`^data:image/${imageFormat};base64,[A-Za-z0-9+/]{100,}={0,2}$`));
      }
      const {currentPreviewSceneName} = await checked(client, 'GetCurrentPreviewScene');
      if (currentPreviewSceneName !== 'Main')
        await refused(604, client.call('GetSourceScreenshot', {sourceName: 'Main', imageFormat: 'png'}));
      await checked(client, 'GetSourceScreenshot', {sourceName: 'bars', imageFormat: 'png'});
      assert.equal((await checked(client, 'GetCurrentProgramScene')).sceneName, 'Break');
      const {outputs} = await checked(client, 'GetOutputList');
      assert.deepEqual(outputs.map((output) => output.outputName), ['platform/main', 'platform/backup', 'record']);
      for (const {outputName} of outputs) await checked(client, 'GetOutputStatus', {outputName});
      await checked(client, 'StopOutput', {outputName: 'platform/main'});
      await checked(client, 'StartOutput', {outputName: 'platform/main'});
      assert.equal((await checked(client, 'ToggleOutput', {outputName: 'platform/main'})).outputActive, false);
      await checked(client, 'StopRecord');
      await checked(client, 'StopStream');
      await refused(501, client.call('StopStream'));
      assert.equal((await checked(client, 'ToggleStream')).outputActive, true);

      await client.call('SetInputMute', {inputName: 'bars', inputMuted: true});
      assert.equal((await client.call('GetInputMute', {inputName: 'bars'})).inputMuted, true);
      assert.equal((await client.call('ToggleInputMute', {inputName: 'bars'})).inputMuted, false);
      await client.call('SetInputVolume', {inputName: 'bars', inputVolumeDb: -6});
      const volume = await client.call('GetInputVolume', {inputName: 'bars'});
      assert.ok(Math.abs(volume.inputVolumeDb + 6) < 0.01 && Math.abs(volume.inputVolumeMul - 0.5012) < 0.001);
      await refused(300, client.call('SetInputVolume', {inputName: 'bars'}));

      const media = await client.call('GetMediaInputStatus', {inputName: 'clip'});
      assert.ok(media.mediaState.startsWith('OBS_MEDIA_STATE_'), media.mediaState);
      await client.call('TriggerMediaInputAction',
                        {inputName: 'clip', mediaAction: 'OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART'});
      await client.call('SetMediaInputCursor', {inputName: 'clip', mediaCursor: 500});
      await refused(602, client.call('GetMediaInputStatus', {inputName: 'bars'}));

      const vendor = await checked(client, 'CallVendorRequest', {vendorName: 'mainstay', requestType: 'state.get'});
      assert.equal(vendor.responseData.phase, 'on_air');
      for (const type of ofOthers) await refused(204, client.call(type, {}));
      await refused(300, client.call('GetOutputStatus', {}));
      await refused(600, client.call('SetCurrentProgramScene', {sceneName: 'Nowhere'}));
    });
  }

  test(`events and batches, ${encoding}`, async () => {
    const {url, child} = await serve();
    const client = await connect(encoding, url);
    const watcher = await connect(encoding, url, '', {eventSubscriptions: everything});
    const heard = [];
    for (const type of Object.keys(events)) watcher.on(type, (data) => heard.push([type, data]));

    const started = next(watcher, 'VendorEvent');
    await client.call('StartStream');
    assert.equal((await started).vendorName, 'mainstay');
    const cut = next(watcher, 'CurrentProgramSceneChanged');
    const leaves = next(watcher, 'InputActiveStateChanged', ({inputName, videoActive}) => inputName === 'clip' && !videoActive);
    const comes = next(watcher, 'InputShowStateChanged', ({inputName, videoShowing}) => inputName === 'bars' && videoShowing);
    await client.call('SetCurrentProgramScene', {sceneName: 'Break'});
    assert.equal((await cut).sceneName, 'Break');
    await Promise.all([leaves, comes]);
    const recording = next(watcher, 'RecordStateChanged');
    await client.call('StartRecord');
    assert.equal((await recording).outputActive, true);
    const settings = next(watcher, 'InputSettingsChanged');
    await client.call('SetInputSettings', {inputName: 'bars', inputSettings: {tone_hz: 500}});
    assert.equal((await settings).inputSettings.tone_hz, 500);
    const custom = next(watcher, 'CustomEvent');
    await client.call('BroadcastCustomEvent', {eventData: {hello: 'there', list: [1, 2.5, null]}});
    assert.deepEqual(await custom, {hello: 'there', list: [1, 2.5, null]});
    const stopped = next(watcher, 'StreamStateChanged');
    await client.call('StopStream');
    assert.equal((await stopped).outputState, 'OBS_WEBSOCKET_OUTPUT_STOPPING');
    const states = heard.filter(([type]) => type === 'StreamStateChanged').map(([, data]) => data.outputState);
    assert.deepEqual(states.slice(0, 3).map((state) => state.replace('OBS_WEBSOCKET_OUTPUT_', '')), ['STARTING', 'STARTED', 'STOPPING']);
    for (const [type, data] of heard) {
      if (type !== 'CustomEvent') assert.deepEqual(breaches(events, type, data), []);  // its data is what was sent
    }

    await watcher.reidentify({eventSubscriptions: 0});
    const silent = heard.length;
    await client.call('StartStream');
    await watcher.call('GetVersion');
    assert.equal(heard.length, silent);

    const results = await client.callBatch([
      {requestType: 'GetStreamStatus', requestId: 'status'},
      {requestType: 'Sleep', requestData: {sleepMillis: 30}},
      {requestType: 'StartStream'},
      {requestType: 'GetVersion'},
    ], {haltOnFailure: true});
    assert.deepEqual(results.map((result) => result.requestStatus.code), [100, 100, 500]);
    assert.equal(results[0].requestId, 'status');
    assert.deepEqual(breaches(responses, 'GetStreamStatus', results[0].responseData), []);
    const parallel = await client.callBatch([{requestType: 'GetStats'}, {requestType: 'GetSceneList'}], {executionType: 2});
    assert.deepEqual(parallel.map((result) => result.requestType), ['GetStats', 'GetSceneList']);

    const many = await Promise.all(Array.from({length: 500}, (_, i) => client.call(i % 2 ? 'GetStats' : 'GetStudioModeEnabled')));
    assert.equal(many.length, 500);

    const exit = next(client, 'ExitStarted');
    child.stdin.end();
    await exit;
  });

  test(`a wrong password and a missing one, ${encoding}`, async () => {
    const {url} = await serve('right');
    await assert.rejects(connect(encoding, url, 'wrong'), (error) => error.code === 4009 && /Authentication failed/.test(error.message));
    await assert.rejects(connect(encoding, url), (error) => error.code === 4009 && /missing an `authentication` string/.test(error.message));
    await assert.rejects(connect(encoding, url, 'right', {rpcVersion: 9}), (error) => error.code === 4010);
    await connect(encoding, url, 'right');
  });
}

/** The close code after these messages. */
async function closed(url, messages, protocol = 'obswebsocket.json') {
  const socket = new WebSocket(url, protocol ? [protocol] : []);
  await once(socket, 'message');
  for (const message of messages) socket.send(message);
  const [code, reason] = await once(socket, 'close');
  assert.ok(reason.length > 0);
  return code;
}

test('every close code', async () => {
  const {url} = await serve();
  const identify = '{"op":1,"d":{"rpcVersion":1}}';
  assert.equal(await closed(url, [identify, '{"op":']), 4002);
  assert.equal(await closed(url, [Buffer.from('{}')]), 4002);
  assert.equal(await closed(url, ['{}'], 'obswebsocket.msgpack'), 4002);
  assert.equal(await closed(url, [Buffer.alloc(200, 0x91)], 'obswebsocket.msgpack'), 4002);
  assert.equal(await closed(url, ['{"op":1,"d":{}}']), 4003);
  assert.equal(await closed(url, ['{"op":1,"d":5}']), 4004);
  assert.equal(await closed(url, ['{"op":1,"d":{"rpcVersion":1,"eventSubscriptions":-1}}']), 4005);
  assert.equal(await closed(url, [identify, '{"op":77,"d":{}}']), 4006);
  assert.equal(await closed(url, ['{"op":6,"d":{"requestType":"GetVersion","requestId":"1"}}']), 4007);
  assert.equal(await closed(url, [identify, identify]), 4008);
  assert.equal(await closed(url, ['{"op":1,"d":{"rpcVersion":2}}'], ''), 4010);
  assert.equal(await closed(url, [identify, '{"op":8,"d":{"requestId":"b","requests":[],"variables":{"a":1}}}']), 4012);
});

test('a page of another site is refused without a password', async () => {
  const {url} = await serve();
  const socket = new WebSocket(url, ['obswebsocket.json'], {origin: 'https://example.org'});
  const [error] = await once(socket, 'error');
  assert.match(error.message, /403/);
  const own = new WebSocket(url, ['obswebsocket.json'], {origin: 'http://localhost:8080'});
  await once(own, 'message');
  own.close();
});
