/* SPDX-License-Identifier: MIT */
/**
 * Reference encoder of the open Clonus Sense profile, version 1.1 (see ../open_profile.md).
 *
 * What it does: packs samples into DATA packets, keeps them in a ring while the link is down, answers CONTROL, and
 * says which packet goes next.  What it does not do: talk to a radio, an IMU or a clock.  Those stay with the firmware,
 * which calls the functions below when something happened, and asks for packets when the radio has room:
 *
 *     IMU FIFO      -> clonus_sample(), clonus_lost()                    radio has room -> clonus_next() ... clonus_sent()
 *     Bluetooth     -> clonus_link_up(), clonus_subscribe(), ...         main loop      -> clonus_take_actions()
 *
 * Portable C99 without dynamic memory, floating point, operating system or libc.  All bytes are written one by one, so
 * that they are little-endian on any processor.
 *
 * Not re-entrant: call everything from one context.  A sample that was read in an interrupt goes through a queue of the
 * firmware's own, or the sensor's FIFO is read in the main loop.
 *
 * Times are microseconds of one clock that runs from a crystal, starts at boot and never jumps.  Indices are counted
 * modulo 2^32 and compared by their difference.
 */
#ifndef CLONUS_PROFILE_H
#define CLONUS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Samples that fit into one block of the ring, and so the largest `batch_n`.  26 is half a second at 52 Hz and makes a
 *  packet of 176 bytes, which fits the smallest MTU of today's hosts (185). */
#ifndef CLONUS_BLOCK_SAMPLES
#define CLONUS_BLOCK_SAMPLES 26u
#endif
#if CLONUS_BLOCK_SAMPLES < 1 || CLONUS_BLOCK_SAMPLES > 82
#error "CLONUS_BLOCK_SAMPLES must be 1 to 82: a value of 512 bytes, the longest that ATT carries, holds 82 samples"
#endif

/** Events that wait while nobody is connected: presses of the button above all.  The oldest is dropped for the 17th. */
#define CLONUS_EVENT_QUEUE 16u

/** Ranges that may wait for their replay at once. */
#define CLONUS_REPLAY_QUEUE 8u

/** Sizes of values on the air, in bytes. */
#define CLONUS_INFO_SIZE 24u
#define CLONUS_CONFIG_SIZE 8u
#define CLONUS_EVENT_SIZE 16u
#define CLONUS_ANSWER_MAX 20u /* fits the smallest MTU, 23 */
#define CLONUS_DATA_HEADER 18u
#define CLONUS_SAMPLE_SIZE 6u
#define CLONUS_CHECKSUM_SIZE 2u
#define CLONUS_PACKET_MAX (CLONUS_DATA_HEADER + CLONUS_SAMPLE_SIZE * CLONUS_BLOCK_SAMPLES + CLONUS_CHECKSUM_SIZE)

/** First byte of a DATA packet: the version in the high half, acceleration of three int16 in the low half.  Version 2
 *  ends with a checksum over all bytes before it. */
#define CLONUS_DATA_VERSION_1 0x10u
#define CLONUS_DATA_VERSION_2 0x20u

/** Values of `format` in CONFIG. */
enum { CLONUS_FORMAT_PLAIN = 0, CLONUS_FORMAT_CHECKSUM = 1 };

/** Bits of the second byte of a DATA packet. */
enum {
    CLONUS_FLAG_REPLAYED = 0x01,
    CLONUS_FLAG_GAP_BEFORE = 0x02,
    CLONUS_FLAG_CLIPPED = 0x04,
    CLONUS_FLAG_CHARGER = 0x08,
    CLONUS_FLAG_LOW_BATTERY = 0x10,
    CLONUS_FLAG_MARKER = 0x20
};

/** Operations of CONTROL. */
enum {
    CLONUS_OP_START = 0x01,
    CLONUS_OP_STOP = 0x02,
    CLONUS_OP_TIME_SYNC = 0x03,
    CLONUS_OP_REPLAY = 0x04,
    CLONUS_OP_STATUS = 0x05,
    CLONUS_OP_IDENTIFY = 0x06,
    CLONUS_OP_ERASE = 0x07,
    CLONUS_OP_POWER_OFF = 0x08
};

/** Status byte of an answer.  The numbers left out (2, 7, 11) are never sent. */
typedef enum {
    CLONUS_OK = 0,
    CLONUS_BAD_OP = 1,
    CLONUS_NOT_SUPPORTED = 3,
    CLONUS_BAD_LENGTH = 4,
    CLONUS_BAD_PARAMETER = 5,
    CLONUS_ALREADY = 6,
    CLONUS_BAD_RATE = 8,
    CLONUS_BAD_RANGE = 9,
    CLONUS_MTU_TOO_SMALL = 10,
    CLONUS_WRONG_STATE = 12,
    CLONUS_ON_CHARGER = 13,
    CLONUS_STORAGE_FULL = 14
} clonus_status;

/** What a write of a characteristic returns; hand any but the first to the Bluetooth stack as the ATT error. */
typedef enum {
    CLONUS_ATT_OK = 0x00,
    CLONUS_ATT_INVALID_LENGTH = 0x0D,
    CLONUS_ATT_SAMPLING = 0x80,       /* CONFIG cannot change while the sensor samples */
    CLONUS_ATT_NOT_SUBSCRIBED = 0xFD, /* indications of CONTROL are not switched on */
    CLONUS_ATT_BUSY = 0xFE            /* the answer to the last write has not left yet */
} clonus_att;

/** Kinds of EVENT. */
typedef enum {
    CLONUS_EVENT_BOOT = 1,        /* argument: reason of the reset, see clonus_setup */
    CLONUS_EVENT_MARKER = 2,      /* the button was pressed */
    CLONUS_EVENT_WEAR = 3,        /* argument: 1 put on, 0 taken off */
    CLONUS_EVENT_LOW_BATTERY = 4, /* argument: per cent left */
    CLONUS_EVENT_CHARGER = 5,     /* argument: 1 on the charger, 0 off it */
    CLONUS_EVENT_STOPPED = 6,     /* the sensor stopped by itself; argument: a clonus_status that says why */
    CLONUS_EVENT_REPLAY_DONE = 7  /* argument: 0 whole, 1 partly overwritten before it could be sent */
} clonus_event_kind;

/** Characteristics that can be subscribed to. */
typedef enum { CLONUS_CONTROL = 0x01, CLONUS_DATA = 0x02, CLONUS_EVENT = 0x04 } clonus_characteristic;

/** What the firmware has to do, as bits of clonus_take_actions(). */
enum {
    CLONUS_ACTION_SENSOR_ON = 0x01,    /* start the IMU with the settings of `config` */
    CLONUS_ACTION_SENSOR_OFF = 0x02,   /* stop the IMU */
    CLONUS_ACTION_IDENTIFY = 0x04,     /* blink for a few seconds */
    CLONUS_ACTION_ERASE = 0x08,        /* empty storage of the firmware's own, if it has any */
    CLONUS_ACTION_POWER_OFF = 0x10,    /* switch off, once the answer has left */
    CLONUS_ACTION_NEW_CONFIG = 0x20    /* `config` changed */
};

/** Settings that a central can change: characteristic CONFIG. */
typedef struct {
    uint16_t rate_hz_x10; /* nominal rate in 0.1 Hz: 260, 520, 1040 or 2080 */
    uint8_t range_g;      /* full scale: 2, 4, 8 or 16 */
    uint8_t format;       /* three int16; 0: packets of version 1, 1: of version 2, with a checksum */
    uint8_t batch_n;      /* samples that are packed together, 1 to CLONUS_BLOCK_SAMPLES */
    uint8_t conn_pref;    /* 0: balanced, 1: low power */
} clonus_config;

/** Samples that follow one another without loss.  The firmware provides an array of them and does not look inside. */
typedef struct {
    uint64_t t_last_us;
    uint32_t span_us; /* from the first sample to the last: dates the parts of a block that is cut */
    uint32_t first_index;
    uint8_t n;
    uint8_t flags;
    uint8_t range_g;
    uint8_t marker; /* position of the first marked sample, 255 for none */
    int16_t xyz[CLONUS_BLOCK_SAMPLES][3];
} clonus_block;

/** What is fixed from boot on. */
typedef struct {
    clonus_block *blocks;  /* memory of the ring */
    uint16_t n_blocks;     /* at least 3; 7 minutes at 52 Hz and 26 samples a block are 841 */
    uint16_t boot_id;      /* random, and another one than at the last boot */
    uint32_t first_index;  /* 0; another value only tests the wrap-around */
    uint32_t capabilities; /* bits of INFO: 0 replay from RAM, 1 from flash, 2 gyroscope, 3 button, 4 temperature */
    uint16_t rates;        /* supported rates: bit 0 26 Hz, 1 52 Hz, 2 104 Hz, 3 208 Hz */
    uint8_t ranges;        /* supported ranges: bit 0 2 g, 1 4 g, 2 8 g, 3 16 g */
    uint8_t reset_reason;  /* 0 unknown, 1 power on, 2 pin, 3 watchdog, 4 software, 5 fault, 6 brown-out */
    bool refuse_on_charger; /* START answers "on charger"; right for a sensor that must not be worn while it charges */
} clonus_setup;

/** Where a packet comes from; clonus_sent() needs it. */
typedef enum {
    CLONUS_FROM_ANSWER,
    CLONUS_FROM_EVENT,
    CLONUS_FROM_LIVE,
    CLONUS_FROM_REPLAY
} clonus_origin;

/** A packet for the radio. */
typedef struct {
    clonus_characteristic characteristic; /* CONTROL is indicated, DATA and EVENT are notified */
    clonus_origin origin;
    uint32_t index; /* first sample, or number of the event */
    uint8_t n;      /* samples */
    uint16_t length;
    uint8_t bytes[CLONUS_PACKET_MAX > CLONUS_INFO_SIZE ? CLONUS_PACKET_MAX : CLONUS_INFO_SIZE];
} clonus_packet;

/** A place in the ring; private. */
typedef struct {
    uint16_t back;  /* closed blocks from here to the one being filled; 0 is the one being filled */
    uint8_t offset; /* samples of the block that are done */
    bool overrun;   /* blocks before this place were overwritten unsent */
} clonus_cursor;

/** A range of samples to replay; private. */
typedef struct {
    uint32_t next;
    uint32_t end;
} clonus_range;

/** An event that waits; private. */
typedef struct {
    uint64_t t_us;
    uint32_t index;
    uint8_t kind;
    uint8_t argument;
} clonus_event_record;

/** All state.  Private but for `config`, which may be read. */
typedef struct {
    clonus_setup setup;
    clonus_config config;

    bool sampling;
    bool record; /* go on sampling when the link is lost */
    bool gap_pending;
    bool pause_pending;
    bool marker_pending;
    uint8_t power_flags;
    uint8_t battery_percent;
    uint8_t actions;
    uint32_t next_index;
    uint64_t last_sample_us;

    uint16_t head; /* block being filled */
    uint16_t n_closed;

    bool connected;
    uint8_t subscribed;
    uint16_t mtu;

    bool live;
    clonus_cursor live_at;

    clonus_range replays[CLONUS_REPLAY_QUEUE];
    uint8_t n_replays;
    bool replay_found; /* replay_at belongs to the first range */
    bool replay_partial;
    clonus_cursor replay_at;

    uint8_t answer[CLONUS_ANSWER_MAX];
    uint8_t answer_length;

    clonus_event_record events[CLONUS_EVENT_QUEUE];
    uint8_t n_events;
    uint32_t first_event; /* number of the oldest event that waits */

    int64_t host_unix_us; /* from the last TIME_SYNC: 0 until then */
    uint64_t host_sync_us;
} clonus_profile;

/**
 * Begin after a reset.  Sampling is off, nobody is connected, the ring is empty, a boot event waits.
 *
 * @return false, with nothing begun, when the setup has fewer than 3 blocks, no rate or no range.
 */
bool clonus_init(clonus_profile *p, const clonus_setup *setup);

/** @name What the IMU says
 *  @{ */

/** One sample, in raw counts of the range in force, taken at t_us.  Ignored while sampling is off.
 *  Samples of a FIFO are dated backwards from its interrupt: the last one bears the interrupt's time. */
void clonus_sample(clonus_profile *p, int16_t x, int16_t y, int16_t z, uint64_t t_us);

/** The IMU's FIFO ran over and n samples are gone (n < 2^31), counted or worked out from the time.  The index steps over
 *  them. */
void clonus_lost(clonus_profile *p, uint32_t n);
/** @} */

/** @name What else happens to the sensor
 *  @{ */

/** The button was pressed: an event, and a flag on the packet of the sample that follows. */
void clonus_marker(clonus_profile *p, uint64_t t_us);

/** The sensor was put on or taken off. */
void clonus_wear(clonus_profile *p, bool worn, uint64_t t_us);

/** State of the battery; 255 per cent means unknown.  Call it when something changed. */
void clonus_power(clonus_profile *p, uint8_t percent, bool low, bool on_charger, uint64_t t_us);

/** The firmware stops sampling by itself: empty battery, fault of the IMU.  What was sampled is still sent. */
void clonus_stop(clonus_profile *p, clonus_status reason, uint64_t t_us);
/** @} */

/** @name What Bluetooth says
 *  @{ */

/** A central connected.  mtu is 23 until it was negotiated. */
void clonus_link_up(clonus_profile *p, uint16_t mtu);

/** The MTU was negotiated. */
void clonus_link_mtu(clonus_profile *p, uint16_t mtu);

/** The link is gone.  Subscriptions, the live stream and replays end; sampling goes on if START asked to record. */
void clonus_link_down(clonus_profile *p);

/** A central wrote a Client Characteristic Configuration.  Without DATA the live stream and replays end. */
void clonus_subscribe(clonus_profile *p, clonus_characteristic characteristic, bool on);

/** A central wrote CONTROL at now_us.  Its answer is the next packet of clonus_next(). */
clonus_att clonus_control_write(clonus_profile *p, const uint8_t *bytes, size_t length, uint64_t now_us);

/** A central wrote CONFIG.  Values are clamped to what is supported; reading shows what is in force. */
clonus_att clonus_config_write(clonus_profile *p, const uint8_t *bytes, size_t length);

/** A central reads CONFIG. */
void clonus_config_read(const clonus_profile *p, uint8_t out[CLONUS_CONFIG_SIZE]);

/** A central reads INFO. */
void clonus_info_read(const clonus_profile *p, uint64_t now_us, uint8_t out[CLONUS_INFO_SIZE]);
/** @} */

/** @name What the firmware does next
 *  @{ */

/**
 * Offer the packet that goes next: an answer, then events, then live data, then replay.
 *
 * Nothing is taken away: hand the packet to the stack and, if it took it, call clonus_sent().  If the stack has no room,
 * drop the packet and ask again later.  Keep at most a few replayed packets queued in the stack, or they delay live ones.
 *
 * @return false when nothing waits.
 */
bool clonus_next(clonus_profile *p, clonus_packet *packet);

/** The stack took this packet.  A packet that went out of date in between (the ring moved on) changes nothing. */
void clonus_sent(clonus_profile *p, const clonus_packet *packet);

/** Take the actions that wait, as CLONUS_ACTION_ bits. */
uint8_t clonus_take_actions(clonus_profile *p);
/** @} */

#ifdef __cplusplus
}
#endif

#endif
