/* SPDX-License-Identifier: MIT */
#include "clonus_profile.h"

#define NO_MARKER 0xFFu
#define ANSWER_HEADER 4u
#define SMALLEST_MTU 23u

/* Rates are in 0.1 Hz, times in microseconds. */
#define US_X10_PER_S 10000000u

/* An ATT notification carries its opcode and handle beside the value. */
#define ATT_OVERHEAD 3u

static const uint16_t RATES_HZ_X10[] = {260, 520, 1040, 2080};
static const uint8_t RANGES_G[] = {2, 4, 8, 16};

/* ---- bytes ---------------------------------------------------------------------------------------------------- */

static void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value & 0xFFu);
    at[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)(value & 0xFFFFu));
    put_u16(at + 2, (uint16_t)(value >> 16));
}

static void put_u64(uint8_t *at, uint64_t value)
{
    put_u32(at, (uint32_t)(value & 0xFFFFFFFFu));
    put_u32(at + 4, (uint32_t)(value >> 32));
}

static uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | (uint16_t)(at[1] << 8));
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) | ((uint32_t)get_u16(at + 2) << 16);
}

static uint64_t get_u64(const uint8_t *at)
{
    return (uint64_t)get_u32(at) | ((uint64_t)get_u32(at + 4) << 32);
}

/* Two's complement on any compiler: converting a large unsigned value to a signed type is left to the implementation. */
static int64_t signed_64(uint64_t value)
{
    return value <= INT64_MAX ? (int64_t)value : -(int64_t)(UINT64_MAX - value) - 1;
}

/* Whether index a comes before b, where both are counted modulo 2^32. */
static bool is_before(uint32_t a, uint32_t b)
{
    return (uint32_t)(b - a) - 1u < 0x7FFFFFFFu;
}

/* CRC-16/IBM-3740: polynomial 0x1021, first value 0xFFFF, most significant bit first. */
static uint16_t crc_16(const uint8_t *bytes, uint32_t length)
{
    uint16_t crc = 0xFFFFu;
    uint32_t i;
    unsigned bit;
    for (i = 0; i < length; i++) {
        crc ^= (uint16_t)(bytes[i] << 8);
        for (bit = 0; bit < 8; bit++) {
            crc = (uint16_t)((crc & 0x8000u) != 0 ? (uint16_t)(crc << 1) ^ 0x1021u : (uint16_t)(crc << 1));
        }
    }
    return crc;
}

/* ---- ring ----------------------------------------------------------------------------------------------------- */

static clonus_block *block_back(const clonus_profile *p, uint16_t back)
{
    uint32_t n_blocks = p->setup.n_blocks;
    return &p->setup.blocks[((uint32_t)p->head + n_blocks - back) % n_blocks];
}

static uint32_t cursor_index(const clonus_profile *p, const clonus_cursor *cursor)
{
    const clonus_block *block = block_back(p, cursor->back);
    return cursor->back == 0 && block->n == 0 ? p->next_index : block->first_index + cursor->offset;
}

static uint32_t oldest_index(const clonus_profile *p)
{
    clonus_cursor oldest = {0, 0, false};
    oldest.back = p->n_closed;
    return cursor_index(p, &oldest);
}

/* The index after the newest sample of a closed block. */
static uint32_t closed_end(const clonus_profile *p)
{
    const clonus_block *block;
    if (p->n_closed == 0) {
        return oldest_index(p);
    }
    block = block_back(p, 1);
    return block->first_index + block->n;
}

/* A block was closed: the cursor is one further back, and no further than the ring reaches. */
static void move_back(clonus_cursor *cursor, uint16_t n_closed)
{
    if (cursor->back < n_closed) {
        cursor->back++;
    } else {
        cursor->offset = 0;
        cursor->overrun = true;
    }
}

static void close_block(clonus_profile *p)
{
    clonus_block *block = block_back(p, 0);
    if (block->n == 0) {
        return;
    }
    block->flags |= p->power_flags;
    p->head = (uint16_t)(((uint32_t)p->head + 1u) % p->setup.n_blocks);
    if (p->n_closed < p->setup.n_blocks - 1u) {
        p->n_closed++;
    }
    block_back(p, 0)->n = 0;
    if (p->live) {
        move_back(&p->live_at, p->n_closed);
    }
    if (p->replay_found) {
        move_back(&p->replay_at, p->n_closed);
    }
}

static void end_streams(clonus_profile *p)
{
    p->live = false;
    p->n_replays = 0;
    p->replay_found = false;
}

static void empty_ring(clonus_profile *p)
{
    end_streams(p);
    p->n_closed = 0;
    block_back(p, 0)->n = 0;
}

/* Samples that were not taken while sampling was off, at the nominal rate; at least one, so that the pause shows. */
static uint32_t samples_missed(const clonus_profile *p, uint64_t t_us)
{
    uint64_t ticks = (t_us - p->last_sample_us) * p->config.rate_hz_x10;
    uint64_t n_periods = (ticks + US_X10_PER_S / 2u) / US_X10_PER_S;
    return n_periods > 2u ? (uint32_t)(n_periods - 1u) : 1u;
}

void clonus_sample(clonus_profile *p, int16_t x, int16_t y, int16_t z, uint64_t t_us)
{
    clonus_block *block = block_back(p, 0);
    uint64_t span_us;
    if (!p->sampling) {
        return;
    }
    if (p->pause_pending) {
        p->next_index += samples_missed(p, t_us);
        p->pause_pending = false;
        p->gap_pending = true;
    }
    p->last_sample_us = t_us;
    if (block->n == 0) {
        block->first_index = p->next_index;
        block->flags = p->gap_pending ? CLONUS_FLAG_GAP_BEFORE : 0;
        block->range_g = p->config.range_g;
        block->marker = NO_MARKER;
        block->span_us = 0;
        p->gap_pending = false;
    } else {
        span_us = block->span_us + (t_us - block->t_last_us);
        block->span_us = span_us < UINT32_MAX ? (uint32_t)span_us : UINT32_MAX;
    }
    if (p->marker_pending) {
        /* One flag a block; the event of each press carries its own index. */
        block->marker = block->marker == NO_MARKER ? block->n : block->marker;
        p->marker_pending = false;
    }
    block->t_last_us = t_us;
    block->xyz[block->n][0] = x;
    block->xyz[block->n][1] = y;
    block->xyz[block->n][2] = z;
    block->n++;
    p->next_index++;
    if (block->n >= p->config.batch_n) {
        close_block(p);
    }
}

void clonus_lost(clonus_profile *p, uint32_t n)
{
    if (!p->sampling || n == 0) {
        return;
    }
    close_block(p);
    p->next_index += n;
    p->gap_pending = true;
}

/* ---- events --------------------------------------------------------------------------------------------------- */

static void push_event(clonus_profile *p, clonus_event_kind kind, uint8_t argument, uint32_t index, uint64_t t_us)
{
    clonus_event_record *record;
    if (p->n_events == CLONUS_EVENT_QUEUE) {
        p->first_event++;
        p->n_events--;
    }
    record = &p->events[(p->first_event + p->n_events) % CLONUS_EVENT_QUEUE];
    record->kind = (uint8_t)kind;
    record->argument = argument;
    record->index = index;
    record->t_us = t_us;
    p->n_events++;
}

void clonus_marker(clonus_profile *p, uint64_t t_us)
{
    push_event(p, CLONUS_EVENT_MARKER, 0, p->next_index, t_us);
    p->marker_pending = p->sampling;
}

void clonus_wear(clonus_profile *p, bool worn, uint64_t t_us)
{
    push_event(p, CLONUS_EVENT_WEAR, worn ? 1 : 0, p->next_index, t_us);
}

void clonus_power(clonus_profile *p, uint8_t percent, bool low, bool on_charger, uint64_t t_us)
{
    uint8_t flags = (uint8_t)((low ? CLONUS_FLAG_LOW_BATTERY : 0) | (on_charger ? CLONUS_FLAG_CHARGER : 0));
    uint8_t changed = flags ^ p->power_flags;
    p->battery_percent = percent;
    p->power_flags = flags;
    if (low && (changed & CLONUS_FLAG_LOW_BATTERY)) {
        push_event(p, CLONUS_EVENT_LOW_BATTERY, percent, p->next_index, t_us);
    }
    if (changed & CLONUS_FLAG_CHARGER) {
        push_event(p, CLONUS_EVENT_CHARGER, on_charger ? 1 : 0, p->next_index, t_us);
    }
}

/* ---- sampling ------------------------------------------------------------------------------------------------- */

static void start_sampling(clonus_profile *p)
{
    if (p->sampling) {
        return;
    }
    p->sampling = true;
    /* How long the pause was is known with its first sample.  Before the first of all there is none. */
    p->pause_pending = p->next_index != p->setup.first_index;
    p->actions = (uint8_t)((p->actions & ~CLONUS_ACTION_SENSOR_OFF) | CLONUS_ACTION_SENSOR_ON);
}

static void stop_sampling(clonus_profile *p)
{
    if (!p->sampling) {
        return;
    }
    close_block(p);
    p->sampling = false;
    p->record = false;
    p->marker_pending = false;
    p->live = p->live && p->live_at.back > 0;
    p->actions = (uint8_t)((p->actions & ~CLONUS_ACTION_SENSOR_ON) | CLONUS_ACTION_SENSOR_OFF);
}

void clonus_stop(clonus_profile *p, clonus_status reason, uint64_t t_us)
{
    if (p->sampling) {
        stop_sampling(p);
        push_event(p, CLONUS_EVENT_STOPPED, (uint8_t)reason, p->next_index, t_us);
    }
}

/* ---- link ----------------------------------------------------------------------------------------------------- */

void clonus_link_up(clonus_profile *p, uint16_t mtu)
{
    clonus_link_down(p);
    p->connected = true;
    clonus_link_mtu(p, mtu);
}

void clonus_link_mtu(clonus_profile *p, uint16_t mtu)
{
    p->mtu = mtu > SMALLEST_MTU ? mtu : SMALLEST_MTU;
}

void clonus_link_down(clonus_profile *p)
{
    p->connected = false;
    p->subscribed = 0;
    p->answer_length = 0;
    end_streams(p);
    if (!p->record) {
        stop_sampling(p);
    }
}

void clonus_subscribe(clonus_profile *p, clonus_characteristic characteristic, bool on)
{
    if (!p->connected) {
        return;
    }
    p->subscribed = (uint8_t)(on ? p->subscribed | characteristic : p->subscribed & ~characteristic);
    if (!on && characteristic == CLONUS_DATA) {
        end_streams(p);
        if (!p->record) {
            stop_sampling(p);
        }
    }
}

static bool is_subscribed(const clonus_profile *p, clonus_characteristic characteristic)
{
    return (p->subscribed & characteristic) != 0;
}

/* Samples that a notification can carry on this link. */
static uint8_t most_samples(const clonus_profile *p)
{
    uint32_t around = ATT_OVERHEAD + CLONUS_DATA_HEADER;
    uint32_t n;
    if (p->config.format == CLONUS_FORMAT_CHECKSUM) {
        around += CLONUS_CHECKSUM_SIZE;
    }
    if (p->mtu < around) {
        return 0;
    }
    n = (p->mtu - around) / CLONUS_SAMPLE_SIZE;
    return (uint8_t)(n < CLONUS_BLOCK_SAMPLES ? n : CLONUS_BLOCK_SAMPLES);
}

/* Samples in a packet: a batch is cut into as few packets as the link allows, as equal as can be. */
static uint8_t samples_per_packet(const clonus_profile *p)
{
    uint32_t batch_n = p->config.batch_n;
    uint32_t most = most_samples(p);
    uint32_t n_packets = (batch_n + most - 1u) / most;
    return (uint8_t)((batch_n + n_packets - 1u) / n_packets);
}

/* ---- CONTROL -------------------------------------------------------------------------------------------------- */

/* Open the answer; returns where its arguments go. */
static uint8_t *begin_answer(clonus_profile *p, const uint8_t *request, clonus_status status, uint8_t n_arguments)
{
    p->answer[0] = 0xF0u;
    p->answer[1] = request[0];
    p->answer[2] = request[1];
    p->answer[3] = (uint8_t)status;
    p->answer_length = (uint8_t)(ANSWER_HEADER + n_arguments);
    return p->answer + ANSWER_HEADER;
}

static clonus_status why_not_stream(const clonus_profile *p)
{
    if (!is_subscribed(p, CLONUS_DATA)) {
        return CLONUS_WRONG_STATE;
    }
    return most_samples(p) == 0 ? CLONUS_MTU_TOO_SMALL : CLONUS_OK;
}

static clonus_status why_not_start(const clonus_profile *p, uint8_t mode)
{
    if (mode > 1) {
        return CLONUS_BAD_PARAMETER;
    }
    if (p->setup.refuse_on_charger && (p->power_flags & CLONUS_FLAG_CHARGER)) {
        return CLONUS_ON_CHARGER;
    }
    if (p->sampling && p->live) {
        return CLONUS_ALREADY;
    }
    return why_not_stream(p);
}

static void answer_start(clonus_profile *p, const uint8_t *request)
{
    uint8_t *arguments;
    clonus_status status = why_not_start(p, request[2]);
    if (status != CLONUS_OK) {
        begin_answer(p, request, status, 0);
        return;
    }
    start_sampling(p);
    p->record = request[2] == 1;
    if (!p->live) {
        p->live = true;
        p->live_at.back = 0;
        p->live_at.offset = 0;
        p->live_at.overrun = false;
    }
    arguments = begin_answer(p, request, CLONUS_OK, 5);
    arguments[0] = samples_per_packet(p);
    put_u32(arguments + 1, cursor_index(p, &p->live_at));
}

static void answer_stop(clonus_profile *p, const uint8_t *request)
{
    if (!p->sampling) {
        begin_answer(p, request, CLONUS_ALREADY, 0);
        return;
    }
    stop_sampling(p);
    put_u32(begin_answer(p, request, CLONUS_OK, 4), p->next_index);
}

static void answer_time_sync(clonus_profile *p, const uint8_t *request, uint64_t now_us)
{
    p->host_unix_us = signed_64(get_u64(request + 2));
    p->host_sync_us = now_us;
    put_u64(begin_answer(p, request, CLONUS_OK, 8), now_us);
}

/* Cut a range to what can be replayed: from the oldest sample held to the first that the live stream will bring. */
static clonus_range held_part(const clonus_profile *p, uint32_t first, uint32_t count)
{
    clonus_range range;
    uint32_t oldest = oldest_index(p);
    uint32_t end = p->live ? cursor_index(p, &p->live_at) : closed_end(p);
    uint32_t n_held = end - oldest;
    uint32_t from = first - oldest;
    if (from >= n_held && is_before(first, oldest)) {
        uint32_t n_gone = oldest - first;
        count = count > n_gone ? count - n_gone : 0;
        from = 0;
    }
    if (from >= n_held || count == 0) {
        range.next = range.end = oldest;
        return range;
    }
    range.next = oldest + from;
    range.end = range.next + (count < n_held - from ? count : n_held - from);
    return range;
}

/* Cut off both ends of a range what was never taken: in a pause, or while the FIFO ran over. */
static clonus_range taken_part(const clonus_profile *p, clonus_range range)
{
    clonus_range taken;
    uint16_t back;
    taken.next = taken.end = oldest_index(p);
    for (back = p->n_closed; back > 0; back--) {
        const clonus_block *block = block_back(p, back);
        uint32_t end = block->first_index + block->n;
        uint32_t from = is_before(block->first_index, range.next) ? range.next : block->first_index;
        uint32_t to = is_before(end, range.end) ? end : range.end;
        if (is_before(from, to)) {
            taken.next = taken.next == taken.end ? from : taken.next;
            taken.end = to;
        }
    }
    return taken;
}

static void answer_replay(clonus_profile *p, const uint8_t *request)
{
    uint8_t *arguments;
    clonus_range range;
    uint32_t count = get_u32(request + 6);
    clonus_status status = why_not_stream(p);
    if (count == 0) {
        p->n_replays = 0;
        p->replay_found = false;
    } else if (status == CLONUS_OK && p->n_replays == CLONUS_REPLAY_QUEUE) {
        status = CLONUS_WRONG_STATE;
    }
    if (status != CLONUS_OK) {
        begin_answer(p, request, status, 0);
        return;
    }
    range = taken_part(p, held_part(p, get_u32(request + 2), count));
    if (range.next != range.end) {
        p->replays[p->n_replays] = range;
        p->n_replays++;
    }
    arguments = begin_answer(p, request, CLONUS_OK, 8);
    put_u32(arguments, range.next);
    put_u32(arguments + 4, range.end - range.next);
}

static uint8_t state_byte(const clonus_profile *p)
{
    uint8_t state = 0;
    if (p->sampling) {
        state = !p->live ? 3 : p->record ? 2 : 1;
    }
    return (uint8_t)(state | ((p->power_flags & CLONUS_FLAG_CHARGER) ? 0x10 : 0) |
                     ((p->power_flags & CLONUS_FLAG_LOW_BATTERY) ? 0x20 : 0));
}

static void answer_status(clonus_profile *p, const uint8_t *request)
{
    uint8_t *arguments = begin_answer(p, request, CLONUS_OK, 16);
    uint32_t n_left = 0;
    uint8_t i;
    for (i = 0; i < p->n_replays; i++) {
        n_left += p->replays[i].end - p->replays[i].next;
    }
    arguments[0] = state_byte(p);
    arguments[1] = p->battery_percent;
    put_u16(arguments + 2, p->setup.boot_id);
    put_u32(arguments + 4, oldest_index(p));
    put_u32(arguments + 8, p->next_index);
    put_u32(arguments + 12, n_left);
}

static void answer_erase(clonus_profile *p, const uint8_t *request)
{
    if (p->sampling) {
        begin_answer(p, request, CLONUS_WRONG_STATE, 0);
        return;
    }
    empty_ring(p);
    p->actions |= CLONUS_ACTION_ERASE;
    begin_answer(p, request, CLONUS_OK, 0);
}

/* Length of a whole request, or 0 for an operation that does not exist. */
static size_t request_length(uint8_t op)
{
    switch (op) {
    case CLONUS_OP_START:
        return 3;
    case CLONUS_OP_TIME_SYNC:
    case CLONUS_OP_REPLAY:
        return 10;
    case CLONUS_OP_STOP:
    case CLONUS_OP_STATUS:
    case CLONUS_OP_IDENTIFY:
    case CLONUS_OP_ERASE:
    case CLONUS_OP_POWER_OFF:
        return 2;
    default:
        return 0;
    }
}

clonus_att clonus_control_write(clonus_profile *p, const uint8_t *bytes, size_t length, uint64_t now_us)
{
    if (!is_subscribed(p, CLONUS_CONTROL)) {
        return CLONUS_ATT_NOT_SUBSCRIBED;
    }
    if (length < 2) {
        return CLONUS_ATT_INVALID_LENGTH;
    }
    if (p->answer_length > 0) {
        return CLONUS_ATT_BUSY;
    }
    if (request_length(bytes[0]) == 0) {
        begin_answer(p, bytes, CLONUS_BAD_OP, 0);
        return CLONUS_ATT_OK;
    }
    if (request_length(bytes[0]) != length) {
        begin_answer(p, bytes, CLONUS_BAD_LENGTH, 0);
        return CLONUS_ATT_OK;
    }
    switch (bytes[0]) {
    case CLONUS_OP_START:
        answer_start(p, bytes);
        break;
    case CLONUS_OP_STOP:
        answer_stop(p, bytes);
        break;
    case CLONUS_OP_TIME_SYNC:
        answer_time_sync(p, bytes, now_us);
        break;
    case CLONUS_OP_REPLAY:
        answer_replay(p, bytes);
        break;
    case CLONUS_OP_STATUS:
        answer_status(p, bytes);
        break;
    case CLONUS_OP_IDENTIFY:
        p->actions |= CLONUS_ACTION_IDENTIFY;
        begin_answer(p, bytes, CLONUS_OK, 0);
        break;
    case CLONUS_OP_ERASE:
        answer_erase(p, bytes);
        break;
    default: /* CLONUS_OP_POWER_OFF */
        stop_sampling(p);
        p->actions |= CLONUS_ACTION_POWER_OFF;
        begin_answer(p, bytes, CLONUS_OK, 0);
        break;
    }
    return CLONUS_ATT_OK;
}

/* ---- CONFIG and INFO ------------------------------------------------------------------------------------------ */

/* The supported rate next to the one asked for; of two equally far, the faster. */
static uint16_t nearest_rate(uint16_t rates, uint16_t asked)
{
    uint16_t best = 0;
    uint32_t best_distance = UINT32_MAX;
    unsigned i;
    for (i = 0; i < sizeof RATES_HZ_X10 / sizeof RATES_HZ_X10[0]; i++) {
        uint32_t rate = RATES_HZ_X10[i];
        uint32_t distance = rate > asked ? rate - asked : asked - rate;
        if (((uint32_t)rates >> i & 1u) != 0 && distance <= best_distance) {
            best = (uint16_t)rate;
            best_distance = distance;
        }
    }
    return best;
}

/* The smallest supported range that holds the one asked for, or the largest there is. */
static uint8_t holding_range(uint8_t ranges, uint8_t asked)
{
    uint8_t best = 0;
    unsigned i;
    for (i = 0; i < sizeof RANGES_G; i++) {
        if (((uint32_t)ranges >> i & 1u) != 0 && best < asked) {
            best = RANGES_G[i];
        }
    }
    return best;
}

static uint8_t clamp_batch(uint8_t asked)
{
    if (asked == 0) {
        return 1;
    }
    return (uint8_t)(asked < CLONUS_BLOCK_SAMPLES ? asked : CLONUS_BLOCK_SAMPLES);
}

clonus_att clonus_config_write(clonus_profile *p, const uint8_t *bytes, size_t length)
{
    clonus_config wanted;
    bool same_samples;
    if (length != CLONUS_CONFIG_SIZE) {
        return CLONUS_ATT_INVALID_LENGTH;
    }
    wanted.rate_hz_x10 = nearest_rate(p->setup.rates, get_u16(bytes));
    wanted.range_g = holding_range(p->setup.ranges, bytes[2] > 0 ? bytes[2] : 1);
    wanted.format = bytes[3] == CLONUS_FORMAT_CHECKSUM ? CLONUS_FORMAT_CHECKSUM : CLONUS_FORMAT_PLAIN;
    wanted.batch_n = clamp_batch(bytes[4]);
    wanted.conn_pref = bytes[5] == 1 ? 1 : 0;
    same_samples = wanted.rate_hz_x10 == p->config.rate_hz_x10 && wanted.range_g == p->config.range_g;
    if (same_samples && wanted.format == p->config.format && wanted.batch_n == p->config.batch_n &&
        wanted.conn_pref == p->config.conn_pref) {
        /* A central that writes what is in force, as after a reconnect, is right in every state. */
        return CLONUS_ATT_OK;
    }
    if (p->sampling) {
        return CLONUS_ATT_SAMPLING;
    }
    if (!same_samples) {
        empty_ring(p);
    }
    p->config = wanted;
    p->actions |= CLONUS_ACTION_NEW_CONFIG;
    return CLONUS_ATT_OK;
}

void clonus_config_read(const clonus_profile *p, uint8_t out[CLONUS_CONFIG_SIZE])
{
    put_u16(out, p->config.rate_hz_x10);
    out[2] = p->config.range_g;
    out[3] = p->config.format;
    out[4] = p->config.batch_n;
    out[5] = p->config.conn_pref;
    put_u16(out + 6, 0);
}

void clonus_info_read(const clonus_profile *p, uint64_t now_us, uint8_t out[CLONUS_INFO_SIZE])
{
    out[0] = 1; /* major version */
    out[1] = 1; /* minor version */
    put_u16(out + 2, p->setup.boot_id);
    put_u32(out + 4, p->setup.capabilities);
    put_u16(out + 8, p->setup.rates);
    out[10] = p->setup.ranges;
    out[11] = 0x03; /* formats: three int16, without and with a checksum */
    put_u32(out + 12, (p->setup.n_blocks - 1u) * (uint32_t)p->config.batch_n);
    put_u64(out + 16, now_us);
}

/* ---- packets -------------------------------------------------------------------------------------------------- */

/* Time of one sample of a block; exact for the last, in proportion for the others. */
static uint64_t time_of(const clonus_block *block, uint8_t position)
{
    uint8_t last = (uint8_t)(block->n - 1u);
    if (position == last) {
        return block->t_last_us;
    }
    return block->t_last_us - block->span_us + (uint64_t)block->span_us * position / last;
}

/* Write the samples of one block from `offset` on, and return whether one of them is at full scale. */
static bool put_samples(uint8_t *at, const clonus_block *block, uint8_t offset, uint8_t n)
{
    bool is_clipped = false;
    uint32_t i;
    uint32_t axis;
    for (i = offset; i < (uint32_t)offset + n; i++) {
        for (axis = 0; axis < 3; axis++) {
            int16_t raw = block->xyz[i][axis];
            is_clipped = is_clipped || raw == INT16_MAX || raw == INT16_MIN;
            put_u16(at, (uint16_t)raw);
            at += 2;
        }
    }
    return is_clipped;
}

/* `n_left` is what remains to be sent: it ends a replayed range within a block. */
static void encode_data(const clonus_profile *p, const clonus_cursor *cursor, uint32_t n_left, clonus_packet *packet)
{
    const clonus_block *block = block_back(p, cursor->back);
    uint8_t n_here = (uint8_t)(block->n - cursor->offset);
    uint8_t n_most = samples_per_packet(p);
    uint8_t n = n_here < n_most ? n_here : n_most;
    uint8_t flags = block->flags & (CLONUS_FLAG_CHARGER | CLONUS_FLAG_LOW_BATTERY);
    n = (uint8_t)(n < n_left ? n : n_left);
    if (cursor->overrun || (cursor->offset == 0 && (block->flags & CLONUS_FLAG_GAP_BEFORE))) {
        flags |= CLONUS_FLAG_GAP_BEFORE;
    }
    if (block->marker >= cursor->offset && block->marker < (uint32_t)cursor->offset + n) {
        flags |= CLONUS_FLAG_MARKER;
    }
    if (packet->origin == CLONUS_FROM_REPLAY) {
        flags |= CLONUS_FLAG_REPLAYED;
    }
    if (put_samples(packet->bytes + CLONUS_DATA_HEADER, block, cursor->offset, n)) {
        flags |= CLONUS_FLAG_CLIPPED;
    }
    packet->characteristic = CLONUS_DATA;
    packet->index = block->first_index + cursor->offset;
    packet->n = n;
    packet->length = (uint16_t)(CLONUS_DATA_HEADER + CLONUS_SAMPLE_SIZE * n);
    packet->bytes[0] = CLONUS_DATA_VERSION_1;
    packet->bytes[1] = flags;
    put_u16(packet->bytes + 2, p->setup.boot_id);
    put_u32(packet->bytes + 4, packet->index);
    put_u64(packet->bytes + 8, time_of(block, (uint8_t)(cursor->offset + n - 1u)));
    packet->bytes[16] = n;
    packet->bytes[17] = block->range_g;
    if (p->config.format == CLONUS_FORMAT_CHECKSUM) {
        packet->bytes[0] = CLONUS_DATA_VERSION_2;
        put_u16(packet->bytes + packet->length, crc_16(packet->bytes, packet->length));
        packet->length = (uint16_t)(packet->length + CLONUS_CHECKSUM_SIZE);
    }
}

static void encode_answer(const clonus_profile *p, clonus_packet *packet)
{
    uint8_t i;
    packet->characteristic = CLONUS_CONTROL;
    packet->index = 0;
    packet->n = 0;
    packet->length = p->answer_length;
    for (i = 0; i < p->answer_length; i++) {
        packet->bytes[i] = p->answer[i];
    }
}

static void encode_event(const clonus_profile *p, clonus_packet *packet)
{
    const clonus_event_record *record = &p->events[p->first_event % CLONUS_EVENT_QUEUE];
    packet->characteristic = CLONUS_EVENT;
    packet->index = p->first_event;
    packet->n = 0;
    packet->length = CLONUS_EVENT_SIZE;
    packet->bytes[0] = record->kind;
    packet->bytes[1] = record->argument;
    put_u16(packet->bytes + 2, p->setup.boot_id);
    put_u32(packet->bytes + 4, record->index);
    put_u64(packet->bytes + 8, record->t_us);
}

/* Move the cursor over what was just sent. */
static void advance(const clonus_profile *p, clonus_cursor *cursor, uint8_t n)
{
    cursor->offset = (uint8_t)(cursor->offset + n);
    cursor->overrun = false;
    if (cursor->offset >= block_back(p, cursor->back)->n) {
        cursor->back--;
        cursor->offset = 0;
    }
}

/* Put the cursor on the first sample of the first range that is still held. */
static void find_replay(clonus_profile *p)
{
    uint32_t next = p->replays[0].next;
    clonus_cursor *cursor = &p->replay_at;
    const clonus_block *block;
    cursor->offset = 0;
    cursor->overrun = false;
    for (cursor->back = p->n_closed; cursor->back > 0; cursor->back--) {
        block = block_back(p, cursor->back);
        if (is_before(next, block->first_index + block->n)) {
            if (is_before(block->first_index, next)) {
                cursor->offset = (uint8_t)(next - block->first_index);
            }
            /* The oldest block is younger than the range: its beginning was overwritten while it waited. */
            cursor->overrun = cursor->back == p->n_closed && is_before(next, block->first_index);
            break;
        }
    }
    p->replay_found = true;
    p->replay_partial = false;
}

/* Make the first range begin where the cursor stands; false when it has nothing left. */
static bool settle_replay(clonus_profile *p)
{
    clonus_range *range = &p->replays[0];
    uint32_t n_skipped;
    if (!p->replay_found) {
        find_replay(p);
    }
    p->replay_partial = p->replay_partial || p->replay_at.overrun;
    n_skipped = cursor_index(p, &p->replay_at) - range->next;
    if (p->replay_at.back == 0 || n_skipped >= range->end - range->next) {
        return false;
    }
    range->next += n_skipped;
    return true;
}

/* The first range is done: say so, and go on to the next. */
static void finish_replay(clonus_profile *p)
{
    const clonus_block *newest = block_back(p, p->n_closed > 0 ? 1 : 0);
    uint8_t i;
    push_event(p, CLONUS_EVENT_REPLAY_DONE, p->replay_partial ? 1 : 0, p->replays[0].end, newest->t_last_us);
    for (i = 1; i < p->n_replays; i++) {
        p->replays[i - 1] = p->replays[i];
    }
    p->n_replays--;
    p->replay_found = false;
}

/* Whether a range is left to send; ranges without anything left are finished on the way. */
static bool has_replay(clonus_profile *p)
{
    while (p->n_replays > 0) {
        if (settle_replay(p)) {
            return true;
        }
        finish_replay(p);
    }
    return false;
}

bool clonus_next(clonus_profile *p, clonus_packet *packet)
{
    bool can_stream = is_subscribed(p, CLONUS_DATA) && most_samples(p) > 0;
    bool is_live_due = can_stream && p->live && p->live_at.back > 0;
    bool is_replay_due;
    if (p->answer_length > 0) {
        packet->origin = CLONUS_FROM_ANSWER;
        encode_answer(p, packet);
        return true;
    }
    /* Before the events, because a range that is done becomes one. */
    is_replay_due = can_stream && !is_live_due && has_replay(p);
    if (p->n_events > 0 && is_subscribed(p, CLONUS_EVENT)) {
        packet->origin = CLONUS_FROM_EVENT;
        encode_event(p, packet);
        return true;
    }
    if (is_live_due) {
        packet->origin = CLONUS_FROM_LIVE;
        encode_data(p, &p->live_at, UINT32_MAX, packet);
        return true;
    }
    if (is_replay_due) {
        packet->origin = CLONUS_FROM_REPLAY;
        encode_data(p, &p->replay_at, p->replays[0].end - p->replays[0].next, packet);
        return true;
    }
    return false;
}

static void live_sent(clonus_profile *p, const clonus_packet *packet)
{
    if (!p->live || p->live_at.back == 0 || cursor_index(p, &p->live_at) != packet->index) {
        return;
    }
    advance(p, &p->live_at, packet->n);
    /* The last samples before STOP are out. */
    p->live = p->sampling || p->live_at.back > 0;
}

static void replay_sent(clonus_profile *p, const clonus_packet *packet)
{
    if (p->n_replays == 0 || !p->replay_found || p->replay_at.back == 0 ||
        cursor_index(p, &p->replay_at) != packet->index) {
        return;
    }
    p->replay_partial = p->replay_partial || p->replay_at.overrun;
    advance(p, &p->replay_at, packet->n);
    p->replays[0].next = packet->index + packet->n;
}

void clonus_sent(clonus_profile *p, const clonus_packet *packet)
{
    switch (packet->origin) {
    case CLONUS_FROM_ANSWER:
        p->answer_length = 0;
        break;
    case CLONUS_FROM_EVENT:
        if (p->n_events > 0 && p->first_event == packet->index) {
            p->first_event++;
            p->n_events--;
        }
        break;
    case CLONUS_FROM_LIVE:
        live_sent(p, packet);
        break;
    case CLONUS_FROM_REPLAY:
        replay_sent(p, packet);
        break;
    }
}

uint8_t clonus_take_actions(clonus_profile *p)
{
    uint8_t actions = p->actions;
    p->actions = 0;
    return actions;
}

/* ---- begin ---------------------------------------------------------------------------------------------------- */

bool clonus_init(clonus_profile *p, const clonus_setup *setup)
{
    static const clonus_profile nothing;
    if (setup->n_blocks < 3 || nearest_rate(setup->rates, 520) == 0 || holding_range(setup->ranges, 8) == 0) {
        return false;
    }
    *p = nothing;
    p->setup = *setup;
    p->config.rate_hz_x10 = nearest_rate(setup->rates, 520);
    p->config.range_g = holding_range(setup->ranges, 8);
    p->config.batch_n = clamp_batch(26);
    p->mtu = SMALLEST_MTU;
    p->battery_percent = 255;
    p->next_index = setup->first_index;
    empty_ring(p);
    push_event(p, CLONUS_EVENT_BOOT, setup->reset_reason, setup->first_index, 0);
    return true;
}
