/* SPDX-License-Identifier: GPL-3.0-or-later
 * sheet_words.c - the words of the sheets: one table, a row a word. */
#include "io/sheet_words.h"

typedef const char *row[2];

static const row words[KI_N_WORDS] = {
    [KI_WORD_SHEET] = {"Crew sheet", "作业单"},
    [KI_WORD_NIGHT] = {"Night of", "夜班"},
    [KI_WORD_VEHICLE] = {"Vehicle", "车辆"},
    [KI_WORD_SHIFT] = {"Shift", "班次"},
    [KI_WORD_CREW] = {"Crew", "班组"},
    [KI_WORD_LEAVE] = {"Begin", "上班"},
    [KI_WORD_RETURN] = {"End", "下班"},
    [KI_WORD_STOPS] = {"Served", "作业数"},
    [KI_WORD_TRIPS] = {"Trips", "趟数"},
    [KI_WORD_LENGTH] = {"Length", "里程"},
    [KI_WORD_LOADS] = {"Collects", "收集"},
    [KI_WORD_NUMBER] = {"No.", "序号"},
    [KI_WORD_TIME] = {"Time", "时间"},
    [KI_WORD_WHERE] = {"Where", "地点"},
    [KI_WORD_SIDE] = {"Side", "方位"},
    [KI_WORD_WHAT] = {"What", "作业"},
    [KI_WORD_NEXT_TIP] = {"Next tip", "下次卸料"},
    [KI_WORD_TIP_TIME] = {"tip at", "卸料时间"},
    [KI_WORD_WAY] = {"Way there", "路线"},
    [KI_WORD_NOTES] = {"Notes", "备注"},
    [KI_WORD_LEFT] = {"left", "左侧"},
    [KI_WORD_RIGHT] = {"right", "右侧"},
    [KI_WORD_AHEAD] = {"ahead", "前方"},
    [KI_WORD_START] = {"Leave the depot", "驶离车场"},
    [KI_WORD_END] = {"Back at the depot", "返回车场"},
    [KI_WORD_SERVE] = {"Empty", "清运"},
    [KI_WORD_SWEEP] = {"Sweep", "清扫"},
    [KI_WORD_TIP] = {"TIP", "卸料"},
    [KI_WORD_LOAD] = {"LOAD", "装车"},
    [KI_WORD_BREAK] = {"BREAK", "休息"},
    [KI_WORD_UNTIL] = {"until", "至"},
    [KI_WORD_GATE] = {"Gate", "门禁时间"},
    [KI_WORD_LATEST] = {"start by", "最迟开始"},
    [KI_WORD_FILL] = {"full", "满"},
    [KI_WORD_FULL] = {"vehicle full to", "车辆装载"},
    [KI_WORD_BRUSH_DOWN] = {"brush DOWN", "放下扫刷"},
    [KI_WORD_BRUSH_STAYS] = {"brush stays down", "扫刷保持放下"},
    [KI_WORD_BRUSH_UP] = {"brush UP at the end", "终点抬起扫刷"},
    [KI_WORD_BRUSH_LEFT] = {"left brush", "左刷"},
    [KI_WORD_BRUSH_RIGHT] = {"right brush", "右刷"},
    [KI_WORD_PASS] = {"pass", "遍次"},
    [KI_WORD_WATER_LEFT] = {"water left", "剩余水量"},
    [KI_WORD_UNNAMED] = {"unnamed road", "无名路"},
    [KI_WORD_ARRIVAL] = {"arrival", "到达"},
    [KI_WORD_DEPARTURE] = {"departure", "离开"},
    [KI_WORD_KIND] = {"kind", "类型"},
    [KI_WORD_SITE] = {"site", "点位编号"},
    [KI_WORD_ID] = {"id", "编号"},
    [KI_WORD_STREAM] = {"stream", "垃圾类别"},
    [KI_WORD_KG] = {"kg", "公斤"},
    [KI_WORD_LOAD_KG] = {"load kg", "车载公斤"},
    [KI_WORD_LAT] = {"latitude", "纬度"},
    [KI_WORD_LON] = {"longitude", "经度"},
    [KI_WORD_EMPTY_SHIFT] = {"Nothing to do.", "无作业。"},
};
static const row streams[KERB_N_STREAMS] = {
    [KERB_STREAM_RESIDUAL] = {"residual", "其他垃圾"},
    [KERB_STREAM_FOOD] = {"food", "厨余垃圾"},
    [KERB_STREAM_RECYCLABLE] = {"recyclable", "可回收物"},
    [KERB_STREAM_HAZARDOUS] = {"hazardous", "有害垃圾"},
    [KERB_STREAM_CONSTRUCTION] = {"construction", "建筑垃圾"},
    [KERB_STREAM_SWEEPINGS] = {"sweepings", "清扫垃圾"},
};
static const row bends[] = {
    {"start on %s", "沿 %s 出发"},
    {"straight on into %s", "直行进入 %s"},
    {"left into %s", "左转进入 %s"},
    {"right into %s", "右转进入 %s"},
    {"sharp left into %s", "向左急转进入 %s"},
    {"sharp right into %s", "向右急转进入 %s"},
    {"turn round on %s", "在 %s 掉头"},
};
static const row compasses[] = {
    {"north", "北"}, {"north-east", "东北"}, {"east", "东"}, {"south-east", "东南"},
    {"south", "南"}, {"south-west", "西南"}, {"west", "西"}, {"north-west", "西北"}};

const char *ki_word_text(ki_language language, ki_word word) {
    return words[word][language];
}

const char *ki_word_stream(ki_language language, kerb_stream stream) {
    if ((unsigned)stream >= KERB_N_STREAMS || !streams[stream][language]) return "";
    return streams[stream][language];
}

const char *ki_word_bend(ki_language language, int bend) {
    return bends[bend][language];
}

const char *ki_word_compass(ki_language language, int compass) {
    return compasses[compass & 7][language];
}
