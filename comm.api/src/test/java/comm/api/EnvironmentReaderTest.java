package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentReaderTest {

  private static final Map<String, String> SYSTEM =
      Map.of("java.io.tmpdir", "/scratch", "user.name", "ada");

  private final List<String> warnings = new ArrayList<>();

  private CommConfig read(Map<String, String> environment, Map<String, String> properties) {
    Map<String, String> all = new TreeMap<>(SYSTEM);
    all.putAll(properties);
    return new EnvironmentReader(environment, all, warnings::add).read();
  }

  private CommConfig read(String... environment) {
    return read(map(environment), Map.of());
  }

  private String error(String... environment) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> read(environment));
    return String.valueOf(e.getMessage());
  }

  /** Pairs {@code KEY=value}. */
  private static Map<String, String> map(String... pairs) {
    Map<String, String> map = new TreeMap<>();
    Arrays.stream(pairs).map(pair -> pair.split("=", 2)).forEach(kv -> map.put(kv[0], kv[1]));
    return map;
  }

  private static Map<String, String> minimal(String... more) {
    Map<String, String> map = map("COMM_RANK=1", "COMM_SIZE=4", "COMM_ROOTINFO=/r");
    map.putAll(map(more));
    return map;
  }

  @Test
  void reads_rank_size_and_root_info_and_leaves_the_rest_to_defaults() {
    CommConfig config = read("COMM_RANK=1", "COMM_SIZE=4", "COMM_ROOTINFO=/r/x");

    assertEquals(1, config.rank());
    assertEquals(4, config.size());
    assertEquals(Path.of("/r/x"), config.rootInfo());
    assertEquals(Optional.empty(), config.backend());
    assertEquals(OptionalLong.empty(), config.stream());
    assertEquals(CommConfig.DEFAULT_TIMEOUT, config.timeout());
    assertEquals(Map.of(), config.properties());
    assertEquals(
        Map.of(
            "rank", "environment variable COMM_RANK",
            "size", "environment variable COMM_SIZE",
            "rootInfo", "environment variable COMM_ROOTINFO",
            "timeout", "the default"),
        config.origins());
    assertEquals(List.of(), warnings);
  }

  @Test
  void prefers_a_system_property_to_the_variable_of_the_same_value() {
    CommConfig config =
        read(
            minimal("COMM_BACKEND=a", "COMM_STREAM=1", "COMM_TIMEOUT=1"),
            map(
                "comm.rank=2",
                "comm.size=3",
                "comm.rootinfo=/p",
                "comm.backend=b",
                "comm.stream=0xFf",
                "comm.timeout=2m"));

    assertEquals(2, config.rank());
    assertEquals(3, config.size());
    assertEquals(Path.of("/p"), config.rootInfo());
    assertEquals(Optional.of("b"), config.backend());
    assertEquals(OptionalLong.of(255), config.stream());
    assertEquals(Duration.ofMinutes(2), config.timeout());
    assertEquals(
        Map.of(
            "rank", "system property comm.rank",
            "size", "system property comm.size",
            "rootInfo", "system property comm.rootinfo",
            "backend", "system property comm.backend",
            "stream", "system property comm.stream",
            "timeout", "system property comm.timeout"),
        config.origins());
  }

  @Test
  void takes_each_other_value_from_where_it_is_set() {
    CommConfig config =
        read(minimal("COMM_BACKEND=sim", "COMM_TIMEOUT=1s"), map("comm.timeout=3s"));

    assertEquals(Optional.of("sim"), config.backend());
    assertEquals("environment variable COMM_BACKEND", config.origins().get("backend"));
    assertEquals(Duration.ofSeconds(3), config.timeout());
    assertEquals("system property comm.timeout", config.waitLimit().source());
  }

  @Test
  void refuses_a_rank_without_a_size_of_the_same_source() {
    assertEquals(
        "COMM_SIZE is missing: COMM_RANK is \"1\" (from environment variable COMM_RANK), and rank"
            + " and size must come from the same source; set both or neither",
        error("COMM_RANK=1", "WORLD_SIZE=4", "RANK=1", "MASTER_PORT=29500"));
    assertEquals(
        "COMM_RANK is missing: COMM_SIZE is \"4\" (from environment variable COMM_SIZE), and rank"
            + " and size must come from the same source; set both or neither",
        error("COMM_SIZE=4"));
  }

  @Test
  void refuses_a_rank_from_a_property_and_a_size_from_a_variable() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> read(minimal(), map("comm.rank=1")));

    assertEquals(
        "comm.size is missing: comm.rank is \"1\" (from system property comm.rank), and rank and"
            + " size must come from the same source; set both or neither",
        e.getMessage());
  }

  @Test
  void asks_for_the_root_info_when_only_rank_and_size_are_given() {
    assertEquals(
        "COMM_ROOTINFO is missing: COMM_RANK and COMM_SIZE are set, but don't say where the ranks"
            + " meet; set COMM_ROOTINFO or -Dcomm.rootinfo to the same path on every rank",
        error("COMM_RANK=0", "COMM_SIZE=2"));
  }

  @Test
  void treats_a_blank_value_as_not_set() {
    CommConfig config =
        read(minimal("COMM_TIMEOUT=", "COMM_BACKEND= ", "COMM_STREAM="), map("comm.timeout= "));

    assertEquals(CommConfig.DEFAULT_TIMEOUT, config.timeout());
    assertEquals("the default", config.origins().get("timeout"));
    assertEquals(Optional.empty(), config.backend());
    assertEquals(OptionalLong.empty(), config.stream());
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "2m, PT2M",
    "1h, PT1H",
    "30, PT30S",
    "'  30 s ', PT30S",
    "PT30S, PT30S",
    "pt1m0.25s, PT1M0.25S",
    "P1D, PT24H"
  })
  void understands_a_timeout(String text, String expected) {
    assertEquals(
        Duration.parse(expected), read(minimal("COMM_TIMEOUT=" + text), Map.of()).timeout());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "soon",
        "30x",
        "1.5s",
        "-1",
        "-1s",
        "s",
        "1 h 2 m",
        "30S",
        "99999999999999999999",
        "PT",
        "9223372036854775807h",
        "٣s"
      })
  void refuses_a_text_that_is_no_timeout(String text) {
    assertEquals(
        "COMM_TIMEOUT must be a whole number with ms, s, m or h, a whole number of seconds, or an"
            + " ISO-8601 duration such as PT30S, but is \""
            + text
            + "\" (from environment variable COMM_TIMEOUT)",
        error("COMM_RANK=0", "COMM_SIZE=1", "COMM_ROOTINFO=/r", "COMM_TIMEOUT=" + text));
  }

  @Test
  void refuses_a_timeout_out_of_range_and_names_where_it_came_from() {
    assertEquals(
        "timeout must be positive and at most 365 days, but is PT0S (environment variable"
            + " COMM_TIMEOUT)",
        error("COMM_RANK=0", "COMM_SIZE=1", "COMM_ROOTINFO=/r", "COMM_TIMEOUT=0"));
    assertEquals(
        "timeout must be positive and at most 365 days, but is PT8761H (environment variable"
            + " COMM_TIMEOUT)",
        error("COMM_RANK=0", "COMM_SIZE=1", "COMM_ROOTINFO=/r", "COMM_TIMEOUT=8761h"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0x", "-1", "1.0", "0x10000000000000000", "18446744073709551616"})
  void refuses_a_text_that_is_no_stream(String text) {
    assertEquals(
        "COMM_STREAM must be a handle of 64 bits, decimal or with 0x in front, but is \""
            + text
            + "\" (from environment variable COMM_STREAM)",
        error("COMM_RANK=0", "COMM_SIZE=1", "COMM_ROOTINFO=/r", "COMM_STREAM=" + text));
  }

  @Test
  void reads_a_stream_of_all_64_bits() {
    assertEquals(
        OptionalLong.of(-1), read(minimal("COMM_STREAM=0xffffffffffffffff"), Map.of()).stream());
    assertEquals(
        OptionalLong.of(-1), read(minimal("COMM_STREAM=18446744073709551615"), Map.of()).stream());
  }

  @Test
  void names_key_value_source_and_range_of_a_wrong_rank_or_size() {
    assertEquals(
        "COMM_RANK must be a whole number, 0 to 63 and less than the size, but is \"one\" (from"
            + " environment variable COMM_RANK)",
        error("COMM_RANK=one", "COMM_SIZE=4", "COMM_ROOTINFO=/r"));
    assertEquals(
        "WORLD_SIZE must be a whole number, 1 to 64, but is \"2:4\" (from WORLD_SIZE (torchrun))",
        error("RANK=0", "WORLD_SIZE=2:4", "MASTER_PORT=1"));
    assertEquals(
        "SLURM_STEP_NUM_TASKS must be a whole number, 1 to 64, but is \"x\" (from"
            + " SLURM_STEP_NUM_TASKS (Slurm))",
        error("SLURM_PROCID=0", "SLURM_STEP_NUM_TASKS=x", "SLURM_JOB_ID=1", "SLURM_STEP_ID=0"));
    assertEquals(
        "size must be 1 to 64 ranks, but is 65 (from OMPI_COMM_WORLD_SIZE (Open MPI))",
        error("OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_SIZE=65", "PMIX_NAMESPACE=n"));
    assertEquals(
        "rank must be 0 to 3 for 4 ranks, but is 4 (from environment variable COMM_RANK)",
        error("COMM_RANK=4", "COMM_SIZE=4", "COMM_ROOTINFO=/r"));
  }

  @Test
  void refuses_a_root_info_that_is_no_path() {
    assertEquals(
        "COMM_ROOTINFO must be a path, but is \"a\0b\" (from environment variable COMM_ROOTINFO)",
        error("COMM_RANK=0", "COMM_SIZE=1", "COMM_ROOTINFO=a\0b"));
  }

  @Test
  void passes_on_the_settings_of_backends_and_nothing_else() {
    CommConfig config =
        read(
            minimal(),
            map(
                "comm.sim.spin=0",
                "comm.hccl.buffer.size=200",
                "comm.timeout=1s",
                "comm..x=1",
                "comm.sim.=1",
                "sim.spin=9"));

    assertEquals(Map.of("sim.spin", "0", "hccl.buffer.size", "200"), config.properties());
  }

  // Launchers

  @Test
  void understands_torchrun() {
    CommConfig config =
        read("RANK=2", "WORLD_SIZE=4", "TORCHELASTIC_RUN_ID=none", "MASTER_PORT=29500");

    assertEquals(2, config.rank());
    assertEquals(4, config.size());
    assertEquals(Path.of("/scratch/comm-ada-torchrun-none-29500.rootinfo"), config.rootInfo());
    assertEquals(
        Map.of(
            "rank", "RANK (torchrun)",
            "size", "WORLD_SIZE (torchrun)",
            "rootInfo", "the default",
            "timeout", "the default"),
        config.origins());
  }

  @Test
  void takes_the_port_or_a_chosen_run_id_of_torchrun_but_not_the_id_that_all_runs_share() {
    assertEquals(
        Path.of("/scratch/comm-ada-torchrun-29500.rootinfo"),
        read("RANK=0", "WORLD_SIZE=1", "MASTER_PORT=29500").rootInfo());
    assertEquals(
        Path.of("/scratch/comm-ada-torchrun-job7.rootinfo"),
        read("RANK=0", "WORLD_SIZE=1", "TORCHELASTIC_RUN_ID=job7").rootInfo());
    assertEquals(
        "COMM_ROOTINFO is missing: torchrun started this process (RANK and WORLD_SIZE), but nothing"
            + " tells its job from others (looked for TORCHELASTIC_RUN_ID with MASTER_PORT, or"
            + " MASTER_PORT, or TORCHELASTIC_RUN_ID); set COMM_ROOTINFO or -Dcomm.rootinfo to the"
            + " same path on every rank",
        error("RANK=0", "WORLD_SIZE=1", "TORCHELASTIC_RUN_ID=none"));
  }

  @ParameterizedTest
  @CsvSource({
    "PMIX_NAMESPACE, prterun-node7-4711@1, prterun-node7-4711_1-133f2f61",
    "PMIX_NAMESPACE, 694157313, 694157313",
    "OMPI_MCA_ess_base_jobid, 694157313, 694157313",
    "OMPI_MCA_orte_ess_jobid, 3236233217, 3236233217"
  })
  void understands_open_mpi(String variable, String value, String part) {
    CommConfig config =
        read("OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_SIZE=2", variable + "=" + value);

    assertEquals(Path.of("/scratch/comm-ada-openmpi-" + part + ".rootinfo"), config.rootInfo());
    assertEquals("OMPI_COMM_WORLD_RANK (Open MPI)", config.origins().get("rank"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PMI_JOBID", "I_MPI_HYDRA_UUID", "PALS_APID"})
  void understands_pmi(String variable) {
    CommConfig config = read("PMI_RANK=3", "PMI_SIZE=4", variable + "=77.0");

    assertEquals(3, config.rank());
    assertEquals(4, config.size());
    assertEquals(Path.of("/scratch/comm-ada-pmi-77.0.rootinfo"), config.rootInfo());
    assertEquals("PMI_SIZE (PMI)", config.origins().get("size"));
  }

  @Test
  void asks_for_the_root_info_under_plain_hydra_which_names_no_job() {
    assertEquals(
        "COMM_ROOTINFO is missing: PMI started this process (PMI_RANK and PMI_SIZE), but nothing"
            + " tells its job from others (looked for PMI_JOBID, or I_MPI_HYDRA_UUID, or"
            + " PALS_APID); set COMM_ROOTINFO or -Dcomm.rootinfo to the same path on every rank",
        error("PMI_RANK=0", "PMI_SIZE=2", "PMI_FD=9"));
    assertEquals(Path.of("/r"), read("PMI_RANK=0", "PMI_SIZE=2", "COMM_ROOTINFO=/r").rootInfo());
  }

  @Test
  void understands_slurm_and_takes_the_size_of_the_step() {
    CommConfig config =
        read(
            "SLURM_PROCID=1",
            "SLURM_NTASKS=8",
            "SLURM_STEP_NUM_TASKS=2",
            "SLURM_JOB_ID=200505",
            "SLURM_STEP_ID=3");

    assertEquals(2, config.size());
    assertEquals("SLURM_STEP_NUM_TASKS (Slurm)", config.origins().get("size"));
    assertEquals(Path.of("/scratch/comm-ada-slurm-200505-3.rootinfo"), config.rootInfo());
    assertEquals(
        Path.of("/scratch/comm-ada-slurm-7-0.rootinfo"),
        read("SLURM_PROCID=1", "SLURM_NTASKS=8", "SLURM_JOBID=7", "SLURM_STEPID=0").rootInfo());
  }

  @Test
  void refuses_a_batch_script_of_slurm_which_is_none_of_the_ranks() {
    String message = error("SLURM_PROCID=0", "SLURM_NTASKS=4", "SLURM_JOB_ID=200505");

    assertTrue(message.contains("SLURM_STEP_ID"), message);
    assertTrue(message.contains("set COMM_ROOTINFO"), message);
  }

  @Test
  void asks_the_launchers_in_order_and_its_own_variables_first() {
    Map<String, String> all = new TreeMap<>();
    List<String> origins = new ArrayList<>();
    String[][] sources = {
      {"SLURM_PROCID=0", "SLURM_NTASKS=1", "SLURM_JOB_ID=1", "SLURM_STEP_ID=1"},
      {"PMI_RANK=0", "PMI_SIZE=1", "PMI_JOBID=1"},
      {"OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_SIZE=1", "PMIX_NAMESPACE=1"},
      {"RANK=0", "WORLD_SIZE=1", "MASTER_PORT=1"},
      {"COMM_RANK=0", "COMM_SIZE=1", "COMM_ROOTINFO=/r"}
    };

    for (String[] source : sources) {
      all.putAll(map(source));
      origins.add(read(all, Map.of()).origins().get("rank"));
    }

    assertEquals(
        List.of(
            "SLURM_PROCID (Slurm)",
            "PMI_RANK (PMI)",
            "OMPI_COMM_WORLD_RANK (Open MPI)",
            "RANK (torchrun)",
            "environment variable COMM_RANK"),
        origins);
  }

  @Test
  void passes_over_a_launcher_that_is_half_set_when_another_is_complete() {
    CommConfig config = read("RANK=5", "PMI_RANK=1", "PMI_SIZE=2", "PMI_JOBID=1");

    assertEquals(1, config.rank());
    assertEquals("PMI_RANK (PMI)", config.origins().get("rank"));
  }

  @Test
  void says_what_it_looked_for_and_how_to_start() {
    assertEquals(
        "no launcher recognised: looked for system properties comm.rank and comm.size, for"
            + " COMM_RANK and COMM_SIZE, then for torchrun (RANK and WORLD_SIZE), Open MPI"
            + " (OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE), PMI (PMI_RANK and PMI_SIZE), Slurm"
            + " (SLURM_PROCID and SLURM_STEP_NUM_TASKS or SLURM_NTASKS); start with `ranks run -n 4"
            + " …`, or set COMM_RANK, COMM_SIZE and COMM_ROOTINFO on every rank",
        error());
  }

  @Test
  void names_what_a_half_set_launcher_lacks_when_none_is_complete() {
    String message = error("SLURM_NTASKS=4", "RANK=1", "COMM_ROOTINFO=/r");

    assertTrue(message.contains("torchrun (RANK is set, but WORLD_SIZE is missing)"), message);
    assertTrue(
        message.contains("Slurm (SLURM_NTASKS is set, but SLURM_PROCID is missing)"), message);
  }

  @Test
  void makes_file_names_of_users_and_jobs_that_stay_apart() {
    Map<String, String> launcher = map("RANK=0", "WORLD_SIZE=1");
    launcher.put("TORCHELASTIC_RUN_ID", "../../etc/x");
    Path slashes = read(launcher, map("user.name=a b")).rootInfo();
    launcher.put("TORCHELASTIC_RUN_ID", "..@..@etc@x");
    Path others = read(launcher, map("user.name=a b")).rootInfo();
    launcher.put("TORCHELASTIC_RUN_ID", "x".repeat(300));
    Path longer = read(launcher, Map.of()).rootInfo();

    assertEquals(Path.of("/scratch"), slashes.getParent());
    assertEquals(Path.of("/scratch"), others.getParent());
    assertNotEquals(slashes, others);
    assertTrue(slashes.getFileName().toString().startsWith("comm-a_b-"), slashes.toString());
    assertTrue(longer.getFileName().toString().length() < 255);
  }

  // Typing errors

  @Test
  void warns_of_a_misspelt_key_and_names_the_nearest() {
    read(minimal("COMM_TIMOUT=3"), map("comm.timout=1s", "comm.rootinf=x"));

    assertEquals(
        List.of(
            "environment variable COMM_TIMOUT is not known and has no effect; did you mean"
                + " COMM_TIMEOUT?",
            "system property comm.rootinf is not known and has no effect; did you mean"
                + " comm.rootinfo?",
            "system property comm.timout is not known and has no effect; did you mean"
                + " comm.timeout?"),
        warnings);
  }

  @Test
  void warns_of_an_unknown_key_that_is_near_to_none_with_the_list() {
    read(minimal("COMM_SIM_SPIN=0"), Map.of());

    assertEquals(
        List.of(
            "environment variable COMM_SIM_SPIN is not known and has no effect; known are"
                + " COMM_RANK, COMM_SIZE, COMM_ROOTINFO, COMM_BACKEND, COMM_STREAM,"
                + " COMM_TIMEOUT"),
        warnings);
  }

  @Test
  void does_not_warn_of_the_keys_of_the_launcher_the_test_kit_and_backends() {
    read(
        minimal("COMM_LAUNCHER=1", "COMM_LAUNCHER_PID=1", "COMM_TESTKIT_SCALE=3", "COMMA=1"),
        map("comm.launcher.x=1", "comm.sim.timout=1", "command=1"));

    assertEquals(List.of(), warnings);
  }

  @Test
  void warns_before_it_refuses() {
    assertThrows(IllegalArgumentException.class, () -> read("COMM_RANKS=0", "COMM_SIZE=1"));

    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).endsWith("did you mean COMM_RANK?"), warnings.get(0));
  }

  /**
   * java.logging isn't read by this module, so its types are reached by reflection: what the system
   * logger writes ends in a filter that keeps it from the console.
   */
  @Test
  void logs_a_warning_through_the_system_logger() throws Exception {
    Class<?> loggerType = Class.forName("java.util.logging.Logger");
    Class<?> filterType = Class.forName("java.util.logging.Filter");
    Object logger =
        loggerType
            .getMethod("getLogger", String.class)
            .invoke(null, EnvironmentReader.class.getName());
    List<String> records = new ArrayList<>();
    Object filter =
        Proxy.newProxyInstance(
            filterType.getClassLoader(),
            new Class<?>[] {filterType},
            (proxy, method, arguments) -> {
              Object written = arguments[0];
              Method message = written.getClass().getMethod("getMessage");
              Method level = written.getClass().getMethod("getLevel");
              records.add(level.invoke(written) + " " + message.invoke(written));
              return false;
            });
    Method setFilter = loggerType.getMethod("setFilter", filterType);
    setFilter.invoke(logger, filter);
    try {
      CommConfig.from(minimal("COMM_TIMOUT=3"), Map.of());
    } finally {
      setFilter.invoke(logger, new Object[] {null});
    }

    assertEquals(
        List.of(
            "WARNING environment variable COMM_TIMOUT is not known and has no effect; did you mean"
                + " COMM_TIMEOUT?"),
        records);
    assertFalse(records.isEmpty());
  }
}
