/* SPDX-License-Identifier: MIT */
/**
 * Plays the reference encoder on a desktop: commands on stdin, what the sensor sends on stdout.  The tests and the
 * sessions of ../open_profile.md use it; a firmware does not.
 *
 * Commands, one a line; times in microseconds; bytes in hex, spaces allowed:
 *
 *     boot BOOT_ID FIRST_INDEX N_BLOCKS RESET_REASON [refuse-on-charger]
 *     sample X Y Z T | lost N | marker T | wear 0|1 T | power PERCENT LOW CHARGER T | stop REASON T
 *     link up MTU | link mtu MTU | link down | subscribe control|data|event | unsubscribe ...
 *     control T BYTES | config BYTES | read config | read info T
 *     send N | send all       packets leave, one line each
 *     offer                   the next packet is shown, but the radio has not taken it yet
 *     confirm                 the radio took the packet that was offered last
 *     actions                 what the firmware has to do
 *     sync                    SYNC is printed, so that a program can wait for it
 */
#include "clonus_profile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BLOCKS 2048
#define LONGEST_LINE 512

static clonus_profile profile;
static clonus_block blocks[MOST_BLOCKS];
static clonus_packet offered;

static void fail(const char *what, const char *line)
{
    fprintf(stderr, "%s: %s\n", what, line);
    exit(2);
}

static void print_bytes(const char *name, const uint8_t *bytes, size_t length)
{
    size_t i;
    fputs(name, stdout);
    for (i = 0; i < length; i++) {
        printf(" %02X", bytes[i]);
    }
    putchar('\n');
}

static size_t parse_bytes(const char *text, uint8_t *bytes, size_t most)
{
    size_t n = 0;
    unsigned value;
    int n_read;
    while (n < most && sscanf(text, " %2x%n", &value, &n_read) == 1) {
        bytes[n++] = (uint8_t)value;
        text += n_read;
    }
    return n;
}

static const char *name_of(clonus_characteristic characteristic)
{
    switch (characteristic) {
    case CLONUS_CONTROL:
        return "CONTROL";
    case CLONUS_DATA:
        return "DATA";
    default:
        return "EVENT";
    }
}

static clonus_characteristic characteristic_of(const char *name)
{
    if (strcmp(name, "control") == 0) {
        return CLONUS_CONTROL;
    }
    return strcmp(name, "data") == 0 ? CLONUS_DATA : CLONUS_EVENT;
}

static void print_error(clonus_att att)
{
    if (att != CLONUS_ATT_OK) {
        printf("ATT %02X\n", (unsigned)att);
    }
}

static void send_packets(unsigned long most)
{
    clonus_packet packet;
    while (most-- > 0 && clonus_next(&profile, &packet)) {
        print_bytes(name_of(packet.characteristic), packet.bytes, packet.length);
        clonus_sent(&profile, &packet);
    }
}

static void print_actions(void)
{
    static const char *const NAMES[] = {"sensor-on", "sensor-off", "identify", "erase", "power-off", "new-config"};
    unsigned actions = clonus_take_actions(&profile);
    size_t i;
    fputs("ACTIONS", stdout);
    for (i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (actions >> i & 1u) {
            printf(" %s", NAMES[i]);
        }
    }
    putchar('\n');
}

static void boot(const char *arguments)
{
    clonus_setup setup;
    unsigned boot_id;
    unsigned n_blocks;
    unsigned reset_reason;
    uint32_t first_index;
    if (sscanf(arguments, "%x %" SCNu32 " %u %u", &boot_id, &first_index, &n_blocks, &reset_reason) != 4 ||
        n_blocks > MOST_BLOCKS) {
        fail("cannot boot", arguments);
    }
    memset(&setup, 0, sizeof setup);
    setup.blocks = blocks;
    setup.n_blocks = (uint16_t)n_blocks;
    setup.boot_id = (uint16_t)boot_id;
    setup.first_index = first_index;
    setup.capabilities = 0x09; /* replay from RAM, button */
    setup.rates = 0x000F;
    setup.ranges = 0x0F;
    setup.reset_reason = (uint8_t)reset_reason;
    setup.refuse_on_charger = strstr(arguments, "refuse-on-charger") != NULL;
    memset(blocks, 0xA5, sizeof blocks); /* memory after a reset holds anything */
    if (!clonus_init(&profile, &setup)) {
        puts("REFUSED");
    }
}

static bool run_sensor(const char *line)
{
    int x, y, z;
    unsigned a, b, c;
    uint32_t n;
    uint64_t t_us;
    if (sscanf(line, "sample %d %d %d %" SCNu64, &x, &y, &z, &t_us) == 4) {
        clonus_sample(&profile, (int16_t)x, (int16_t)y, (int16_t)z, t_us);
    } else if (sscanf(line, "lost %" SCNu32, &n) == 1) {
        clonus_lost(&profile, n);
    } else if (sscanf(line, "marker %" SCNu64, &t_us) == 1) {
        clonus_marker(&profile, t_us);
    } else if (sscanf(line, "wear %u %" SCNu64, &a, &t_us) == 2) {
        clonus_wear(&profile, a != 0, t_us);
    } else if (sscanf(line, "power %u %u %u %" SCNu64, &a, &b, &c, &t_us) == 4) {
        clonus_power(&profile, (uint8_t)a, b != 0, c != 0, t_us);
    } else if (sscanf(line, "stop %u %" SCNu64, &a, &t_us) == 2) {
        clonus_stop(&profile, (clonus_status)a, t_us);
    } else {
        return false;
    }
    return true;
}

static bool run_bluetooth(const char *line)
{
    uint8_t bytes[LONGEST_LINE];
    char name[16];
    unsigned mtu;
    uint64_t t_us;
    int n_read;
    if (sscanf(line, "link up %u", &mtu) == 1) {
        clonus_link_up(&profile, (uint16_t)mtu);
    } else if (sscanf(line, "link mtu %u", &mtu) == 1) {
        clonus_link_mtu(&profile, (uint16_t)mtu);
    } else if (strncmp(line, "link down", 9) == 0) {
        clonus_link_down(&profile);
    } else if (sscanf(line, "subscribe %15s", name) == 1) {
        clonus_subscribe(&profile, characteristic_of(name), true);
    } else if (sscanf(line, "unsubscribe %15s", name) == 1) {
        clonus_subscribe(&profile, characteristic_of(name), false);
    } else if (sscanf(line, "control %" SCNu64 "%n", &t_us, &n_read) == 1) {
        size_t length = parse_bytes(line + n_read, bytes, sizeof bytes);
        print_error(clonus_control_write(&profile, bytes, length, t_us));
    } else if (strncmp(line, "config ", 7) == 0) {
        size_t length = parse_bytes(line + 7, bytes, sizeof bytes);
        print_error(clonus_config_write(&profile, bytes, length));
    } else if (strncmp(line, "read config", 11) == 0) {
        clonus_config_read(&profile, bytes);
        print_bytes("CONFIG", bytes, CLONUS_CONFIG_SIZE);
    } else if (sscanf(line, "read info %" SCNu64, &t_us) == 1) {
        clonus_info_read(&profile, t_us, bytes);
        print_bytes("INFO", bytes, CLONUS_INFO_SIZE);
    } else {
        return false;
    }
    return true;
}

static bool run_radio(const char *line)
{
    unsigned long most;
    if (strncmp(line, "send all", 8) == 0) {
        send_packets((unsigned long)-1);
    } else if (sscanf(line, "send %lu", &most) == 1) {
        send_packets(most);
    } else if (strncmp(line, "offer", 5) == 0) {
        if (clonus_next(&profile, &offered)) {
            print_bytes(name_of(offered.characteristic), offered.bytes, offered.length);
        }
    } else if (strncmp(line, "confirm", 7) == 0) {
        clonus_sent(&profile, &offered);
    } else if (strncmp(line, "actions", 7) == 0) {
        print_actions();
    } else if (strncmp(line, "sync", 4) == 0) {
        puts("SYNC");
        fflush(stdout);
    } else {
        return false;
    }
    return true;
}

int main(void)
{
    char line[LONGEST_LINE];
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strncmp(line, "boot ", 5) == 0) {
            boot(line + 5);
        } else if (line[0] != '\n' && !run_sensor(line) && !run_bluetooth(line) && !run_radio(line)) {
            fail("not a command", line);
        }
    }
    return 0;
}
