// SPDX-License-Identifier: GPL-3.0-or-later
// words.js - every word of the page, in English and Chinese. {0}, {1} are filled in.
'use strict';

const WORDS = {
  en: {
    other_language: '中文', other_language_name: 'Switch to Chinese',
    skip_to_lists: 'Skip to the lists', lists: 'Lists and filters', map: 'Map of the plan',
    title: '{0}, night of {1}', subtitle: 'Plan {0}; as of {1}',
    cost: 'Cost', bound: 'Bound', gap: 'Gap', served: 'Served', length: 'Length', work: 'Work',
    degraded: 'This plan needs attention: data were quarantined or a must is left out. See the notes.',
    stopped: 'The search was stopped early.',
    search: 'Search: site, container, street, vehicle, facility',
    found: '{0} found', found_first: '{0} found, the first {1} shown',
    filters: 'Filters', colour_by: 'Colour containers by',
    by_vehicle: 'vehicle', by_stream: 'stream', by_fill: 'fill', by_decision: "tonight's decision",
    streams: 'Streams', decisions: 'Decisions', layers: 'On the map',
    layer_streets: 'streets', layer_drive: 'driving', layer_sweep: 'sweeping',
    layer_bins: 'containers', layer_places: 'depots and facilities', layer_order: 'order of stops',
    decision_served: 'served', decision_must_out: 'must, left out', decision_may_out: 'may, left out',
    decision_skip: 'not needed', decision_cannot: 'cannot be served',
    vehicles: 'Vehicles', all: 'Show all', none: 'Show none', show_on_map: 'Show {0} on the map',
    vehicle_line: '{0} to {1}; {2} served in {3} trips; {4} km, {5} km of it without sweeping; cost {6}',
    vehicle_carries: 'Shift {0}, crew {1}: {2}',
    load_curve: 'Load over the night, kg: at most {0} kg',
    timetable: 'Timetable of {0}', order: 'No.', time: 'Time', stop: 'Stop', what: 'What', kg: 'kg',
    start: 'leaves the depot', end: 'back at the depot', serve: 'empties', sweep: 'sweeps',
    tip: 'tips', tip_full: 'tips, {0} % full', load: 'loads', break: 'break until {0}',
    left_out: 'Left out: {0}', more: 'Show more', costs: 'Costs', item: 'Item', zone: 'Zone',
    whole: 'whole district', notes: 'Notes on the data', about: 'About this page',
    about_text: 'Made by kerbside {0}, GPL-3.0-or-later. Map data © OpenStreetMap contributors, ODbL. ' +
      'Map engine: MapLibre GL JS. The page asks no network for anything. Bound: {1}.',
    no_roads: 'The plan was drawn without its roads.',
    no_map: 'This browser cannot draw the map (WebGL is missing). The lists beside it are complete.',
    replay: 'Replay of the night', time_of_night: 'Time of the night', speed: 'Speed',
    play: 'Play', pause: 'Pause', speed_times: '{0} min a second',
    at_time: 'At {0}: {1}', v_depot: '{0} in the depot', v_home: '{0} home', v_drive: '{0} driving',
    v_serve: '{0} at {1}', v_sweep: '{0} sweeping {1}', v_tip: '{0} tipping at {1}',
    v_load: '{0} loading at {1}', v_break: '{0} on a break at {1}',
    v_wait: '{0} waiting', v_some: '{0} at work, {1} in the depot, {2} home',
    fill: 'Fill at service', unknown: 'unknown', rate: '{0} % a day', by: 'By {0}, stop {1}, at {2}',
    pass: 'pass {0}', reason: 'Reason', site: 'Site', container: 'Container', street: 'Street',
    vehicle: 'Vehicle', prize: 'charged {0}', attribution: '© OpenStreetMap contributors',
    stream_1: 'residual', stream_2: 'food', stream_3: 'recyclable', stream_4: 'hazardous',
    stream_5: 'construction', stream_6: 'sweepings',
    depot: 'depot', transfer_station: 'transfer station', plant: 'plant', dump: 'dump',
    hydrant: 'hydrant', charger: 'charger', place: 'place',
    item_vehicles: 'vehicles', item_distance: 'distance', item_time: 'time',
    item_overtime: 'overtime', item_gate_fees: 'gate fees', item_left_out: 'left out',
  },
  zh: {
    other_language: 'English', other_language_name: '切换到英文',
    skip_to_lists: '跳到列表', lists: '列表与筛选', map: '计划地图',
    title: '{0}，{1} 夜班', subtitle: '计划 {0}；数据截至 {1}',
    cost: '成本', bound: '下界', gap: '差距', served: '已安排', length: '里程', work: '工时',
    degraded: '此计划需要留意：有数据被隔离，或有必收项未安排。详见数据说明。',
    stopped: '搜索被提前停止。',
    search: '搜索：点位、桶、街道、车辆、设施',
    found: '找到 {0} 项', found_first: '找到 {0} 项，显示前 {1} 项',
    filters: '筛选', colour_by: '桶的颜色按',
    by_vehicle: '车辆', by_stream: '垃圾类别', by_fill: '满溢度', by_decision: '今晚的决定',
    streams: '垃圾类别', decisions: '决定', layers: '地图图层',
    layer_streets: '街道', layer_drive: '行驶', layer_sweep: '清扫',
    layer_bins: '桶', layer_places: '车场与设施', layer_order: '停靠顺序',
    decision_served: '已安排', decision_must_out: '必收，未安排', decision_may_out: '可收，未安排',
    decision_skip: '今晚不需要', decision_cannot: '无法服务',
    vehicles: '车辆', all: '全部显示', none: '全部隐藏', show_on_map: '在地图上显示 {0}',
    vehicle_line: '{0} 至 {1}；{3} 趟，服务 {2} 项；{4} 公里，其中空驶 {5} 公里；成本 {6}',
    vehicle_carries: '班次 {0}，班组 {1}：{2}',
    load_curve: '整夜载重（公斤）：最多 {0} 公斤',
    timetable: '{0} 的时刻表', order: '序号', time: '时间', stop: '停靠点', what: '作业', kg: '公斤',
    start: '驶离车场', end: '返回车场', serve: '清运', sweep: '清扫',
    tip: '卸料', tip_full: '卸料，装载 {0} %', load: '装车', break: '休息至 {0}',
    left_out: '未安排：{0}', more: '显示更多', costs: '成本', item: '项目', zone: '区域',
    whole: '全区', notes: '数据说明', about: '关于本页',
    about_text: '由 kerbside {0} 生成，GPL-3.0-or-later。地图数据 © OpenStreetMap contributors，ODbL。' +
      '地图引擎：MapLibre GL JS。本页不访问网络。下界：{1}。',
    no_roads: '绘制此计划时没有路网。',
    no_map: '此浏览器无法绘制地图（缺少 WebGL）。旁边的列表是完整的。',
    replay: '夜班回放', time_of_night: '夜间时刻', speed: '速度',
    play: '播放', pause: '暂停', speed_times: '每秒 {0} 分钟',
    at_time: '{0}：{1}', v_depot: '{0} 在车场', v_home: '{0} 已收车', v_drive: '{0} 行驶中',
    v_serve: '{0} 在 {1}', v_sweep: '{0} 清扫 {1}', v_tip: '{0} 在 {1} 卸料',
    v_load: '{0} 在 {1} 装车', v_break: '{0} 在 {1} 休息',
    v_wait: '{0} 等待', v_some: '{0} 辆作业，{1} 辆在车场，{2} 辆已收车',
    fill: '服务时满溢度', unknown: '未知', rate: '每天 {0} %', by: '{0}，第 {1} 站，{2}',
    pass: '第 {0} 遍', reason: '原因', site: '点位', container: '桶', street: '街道',
    vehicle: '车辆', prize: '计费 {0}', attribution: '© OpenStreetMap contributors',
    stream_1: '其他垃圾', stream_2: '厨余垃圾', stream_3: '可回收物', stream_4: '有害垃圾',
    stream_5: '建筑垃圾', stream_6: '清扫垃圾',
    depot: '车场', transfer_station: '转运站', plant: '处理厂', dump: '卸料点',
    hydrant: '消火栓', charger: '充电桩', place: '地点',
    item_vehicles: '车辆', item_distance: '里程', item_time: '工时',
    item_overtime: '加班', item_gate_fees: '处置费', item_left_out: '未安排',
    reason_fill_above_must: '预计满溢度达到必收线', reason_overflow_likely: '下一夜之前可能满溢',
    reason_fill_above_may: '预计满溢度达到可收线', reason_fill_below_may: '预计满溢度低于可收线',
    reason_interval_due: '已到最长清运间隔', reason_forced_in: '今晚指定清运',
    reason_forced_out: '今晚指定不清运', reason_due: '今晚应清扫', reason_not_due: '今晚不必清扫',
    reason_unreachable: '没有车辆能够到达或离开', reason_no_vehicle: '今晚没有车辆收此类垃圾',
    reason_no_facility: '今晚没有设施接收此类垃圾', reason_no_data: '满溢度未知',
    reason_left_out_price: '纳入计划比不收更贵', reason_no_time: '班次时间不足',
    reason_no_capacity: '装载能力不足', reason_pinned: '指定的车辆今晚不能服务',
    reason_done: '今晚已完成', reason_failed: '今晚已尝试未成',
  },
};

let language = document.documentElement.lang === 'zh' ? 'zh' : 'en';

function word(key, ...values) {
  const text = WORDS[language][key] ?? WORDS.en[key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, at) => values[at] ?? '');
}

// A reason in the reader's language: the code's words where there are any, then the plan's sentence.
function reasonWords(decision) {
  const known = WORDS[language]['reason_' + decision.reason];
  return [known, decision.text || decision.reason].filter(Boolean).join(language === 'zh' ? '。' : '. ');
}
