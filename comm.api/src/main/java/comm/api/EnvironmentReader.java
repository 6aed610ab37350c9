package comm.api;

import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a {@link CommConfig} from what launchers set. For each value a system property wins over
 * {@code COMM_*}, that over the launcher's own variables, those over the default; only rank and
 * size go together and come from one source. A blank value counts as not set.
 */
final class EnvironmentReader {

  private static final System.Logger LOG = System.getLogger(EnvironmentReader.class.getName());

  private static final String HOW_TO_START =
      "start with `ranks run -n 4 …`, or set COMM_RANK, COMM_SIZE and COMM_ROOTINFO on every rank";

  /** File names are cut here, so that they fit everywhere. */
  private static final int LONGEST_PART = 80;

  private final Map<String, String> environment;
  private final Map<String, String> properties;
  private final Consumer<String> warnings;

  /** A value as it was found. */
  private record Found(String key, String text, String origin) {

    IllegalArgumentException wrong(String allowed) {
      return new IllegalArgumentException(
          key + " must be " + allowed + ", but is \"" + text + "\" (from " + origin + ")");
    }
  }

  /** Who this process is, and how the job that it belongs to is told from others. */
  private record Place(Found rank, Found size, Optional<Path> rootInfo, String identityAdvice) {}

  EnvironmentReader(Map<String, String> environment, Map<String, String> properties) {
    this(environment, properties, warning -> LOG.log(Level.WARNING, warning));
  }

  EnvironmentReader(
      Map<String, String> environment, Map<String, String> properties, Consumer<String> warnings) {
    this.environment = present(environment);
    this.properties = present(properties);
    this.warnings = warnings;
  }

  private static Map<String, String> present(Map<String, String> all) {
    Map<String, String> present = new TreeMap<>(all);
    present.values().removeIf(String::isBlank);
    present.replaceAll((key, value) -> value.strip());
    return present;
  }

  CommConfig read() {
    UnknownKeys.warnings(environment, properties).forEach(warnings);
    Place place = place();
    Optional<Found> rootInfo = find(Setting.ROOT_INFO);
    Optional<Found> backend = find(Setting.BACKEND);
    Optional<Found> stream = find(Setting.STREAM);
    Optional<Found> timeout = find(Setting.TIMEOUT);

    Map<String, String> origins = new TreeMap<>();
    origins.put(Setting.RANK.component(), place.rank().origin());
    origins.put(Setting.SIZE.component(), place.size().origin());
    origins.put(
        Setting.ROOT_INFO.component(), rootInfo.map(Found::origin).orElse(CommConfig.DEFAULT));
    backend.ifPresent(found -> origins.put(Setting.BACKEND.component(), found.origin()));
    stream.ifPresent(found -> origins.put(Setting.STREAM.component(), found.origin()));
    origins.put(Setting.TIMEOUT.component(), timeout.map(Found::origin).orElse(CommConfig.DEFAULT));

    return new CommConfig(
        number(place.rank(), "0 to " + (CommContext.MAX_RANKS - 1) + " and less than the size"),
        number(place.size(), "1 to " + CommContext.MAX_RANKS),
        rootInfo
            .map(EnvironmentReader::path)
            .or(place::rootInfo)
            .orElseThrow(() -> new IllegalArgumentException(place.identityAdvice())),
        backend.map(Found::text),
        stream.map(EnvironmentReader::handle).orElse(OptionalLong.empty()),
        timeout.map(EnvironmentReader::duration).orElse(CommConfig.DEFAULT_TIMEOUT),
        backendSettings(),
        origins);
  }

  private Optional<Found> find(Setting setting) {
    return property(setting).or(() -> variable(setting));
  }

  private Optional<Found> property(Setting setting) {
    return found(properties, setting.property(), "system property " + setting.property());
  }

  private Optional<Found> variable(Setting setting) {
    return found(environment, setting.variable(), "environment variable " + setting.variable());
  }

  private static Optional<Found> found(Map<String, String> map, String key, String origin) {
    return Optional.ofNullable(map.get(key)).map(text -> new Found(key, text, origin));
  }

  private Place place() {
    return own(this::property, Setting::property)
        .or(() -> own(this::variable, Setting::variable))
        .or(
            () ->
                Launcher.ALL.stream().flatMap(launcher -> launched(launcher).stream()).findFirst())
        .orElseThrow(this::noLauncher);
  }

  /** Rank and size from {@code comm.*} or from {@code COMM_*}: both or none. */
  private static Optional<Place> own(
      Function<Setting, Optional<Found>> source, Function<Setting, String> name) {
    Optional<Found> rank = source.apply(Setting.RANK);
    Optional<Found> size = source.apply(Setting.SIZE);
    if (rank.isEmpty() && size.isEmpty()) {
      return Optional.empty();
    }
    if (rank.isEmpty() || size.isEmpty()) {
      Found one = rank.or(() -> size).orElseThrow();
      throw new IllegalArgumentException(
          name.apply(rank.isEmpty() ? Setting.RANK : Setting.SIZE)
              + " is missing: "
              + one.key()
              + " is \""
              + one.text()
              + "\" (from "
              + one.origin()
              + "), and rank and size must come from the same source; set both or neither");
    }
    return Optional.of(
        new Place(
            rank.get(),
            size.get(),
            Optional.empty(),
            "COMM_ROOTINFO is missing: "
                + rank.get().key()
                + " and "
                + size.get().key()
                + " are set, but don't say where the ranks meet; set COMM_ROOTINFO or -Dcomm.rootinfo"
                + " to the same path on every rank"));
  }

  private Optional<Place> launched(Launcher launcher) {
    String suffix = " (" + launcher.title() + ")";
    Optional<Found> rank = found(environment, launcher.rank(), launcher.rank() + suffix);
    Optional<Found> size =
        launcher.size(environment).flatMap(key -> found(environment, key, key + suffix));
    if (rank.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Place(
            rank.get(),
            size.get(),
            launcher.identity(environment).map(identity -> rootInfo(launcher, identity)),
            "COMM_ROOTINFO is missing: "
                + launcher.title()
                + " started this process ("
                + launcher.rank()
                + " and "
                + size.get().key()
                + "), but nothing tells its job from others (looked for "
                + launcher.identityNames()
                + "); set COMM_ROOTINFO or -Dcomm.rootinfo to the same path on every rank"));
  }

  private Path rootInfo(Launcher launcher, String identity) {
    String name =
        "comm-"
            + fileName(standard("user.name"))
            + "-"
            + launcher.title().toLowerCase(Locale.ROOT).replace(" ", "")
            + "-"
            + fileName(identity)
            + ".rootinfo";
    return path(new Found(
            "java.io.tmpdir", standard("java.io.tmpdir"), "system property java.io.tmpdir"))
        .resolve(name);
  }

  private String standard(String property) {
    return properties.getOrDefault(property, System.getProperty(property, ""));
  }

  /** The text as part of a file name; what was changed keeps apart by its hash. */
  private static String fileName(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]", "_");
    if (plain.equals(text) && plain.length() <= LONGEST_PART) {
      return plain;
    }
    return String.format(
        Locale.ROOT,
        "%s-%08x",
        plain.substring(0, Math.min(plain.length(), LONGEST_PART)),
        text.hashCode());
  }

  private IllegalArgumentException noLauncher() {
    return new IllegalArgumentException(
        "no launcher recognised: looked for system properties comm.rank and comm.size, for"
            + " COMM_RANK and COMM_SIZE, then for "
            + Launcher.ALL.stream()
                .map(launcher -> launcher.found(environment))
                .collect(Collectors.joining(", "))
            + "; "
            + HOW_TO_START);
  }

  private static int number(Found found, String allowed) {
    try {
      return Integer.parseInt(found.text());
    } catch (NumberFormatException e) {
      throw found.wrong("a whole number, " + allowed);
    }
  }

  private static Path path(Found found) {
    try {
      return Path.of(found.text());
    } catch (InvalidPathException e) {
      throw found.wrong("a path");
    }
  }

  private static OptionalLong handle(Found found) {
    String text = found.text().toLowerCase(Locale.ROOT);
    try {
      return OptionalLong.of(
          text.startsWith("0x")
              ? Long.parseUnsignedLong(text, 2, text.length(), 16)
              : Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      throw found.wrong("a handle of 64 bits, decimal or with 0x in front");
    }
  }

  private static Duration duration(Found found) {
    return DurationText.parse(found.text()).orElseThrow(() -> found.wrong(DurationText.ALLOWED));
  }

  private Map<String, String> backendSettings() {
    Map<String, String> settings = new TreeMap<>();
    properties.forEach(
        (key, value) -> {
          if (UnknownKeys.isBackendSetting(key)) {
            settings.put(key.substring(Setting.PROPERTY_PREFIX.length()), value);
          }
        });
    return settings;
  }
}
