/* Devices that take messages. */
#include "base/random.h"
#include "base/time.h"
#include "services/notify/notify_sql.h"
#include "services/notify/push_jobs.h"

static DevicePlatform platform_of(Str name)
{
    return str_equal(name, DEVICE_PLATFORM_TEXT[DEVICE_PLATFORM_IOS]) ? DEVICE_PLATFORM_IOS
                                                                      : DEVICE_PLATFORM_ANDROID;
}

static Err show(const Notify *notify, Arena *arena, Str user_id, Devices *out)
{
    NotifySqlListDevices *rows;
    size_t count;

    TRY(notify_sql_list_devices(notify->sql, NULL, arena, user_id, MOST_DEVICES, &rows, &count));
    out->items.items = arena_array(arena, Device, count + 1);
    out->items.count = count;
    for (size_t i = 0; i < count; i++)
        out->items.items[i] = (Device){.device_id = rows[i].device_id,
                                       .platform = platform_of(rows[i].platform),
                                       .since = time_format(arena, rows[i].at_us)};
    return OK;
}

Err notify_list_devices(Call *call, const NotifyListDevicesInput *in, Devices *out)
{
    return show(call->service, call->arena, in->user_id, out);
}

typedef struct Adding {
    const Notify *notify;
    Str device_id;
    const NotifyAddDeviceInput *in;
} Adding;

static Err add(void *context, Tx *tx)
{
    const Adding *of = context;
    const DeviceInput *given = &of->in->body;

    TRY(notify_sql_put_device(tx, of->device_id, of->in->user_id, given->token,
                              DEVICE_PLATFORM_TEXT[given->platform], notify_now_us(of->notify), NULL));
    return notify_sql_drop_oldest_devices(tx, of->in->user_id, MOST_DEVICES, NULL);
}

Err notify_add_device(Call *call, const NotifyAddDeviceInput *in, Devices *out)
{
    const Notify *notify = call->service;
    Adding of = {notify, id_new(call->arena, notify->clock), in};

    TRY(sql_transact(notify->sql, add, &of));
    return show(notify, call->arena, in->user_id, out);
}

typedef struct Dropping {
    const NotifyDropDeviceInput *in;
    int64_t dropped;
} Dropping;

static Err drop(void *context, Tx *tx)
{
    Dropping *of = context;

    return notify_sql_drop_device(tx, of->in->user_id, of->in->device_id, &of->dropped);
}

Err notify_drop_device(Call *call, const NotifyDropDeviceInput *in, Devices *out)
{
    const Notify *notify = call->service;
    Dropping of = {in, 0};

    TRY(sql_transact(notify->sql, drop, &of));
    if (of.dropped == 0)
        return err(NOT_FOUND, "One has no such device.");
    return show(notify, call->arena, in->user_id, out);
}
