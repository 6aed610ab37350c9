package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CannLibrariesTest {

  private static final String ACL_INIT = "int aclInit(const char *c) { return c != 0; }\n";
  private static final String GET_ROOT_INFO =
      "int HcclGetRootInfo(char *r) { r[0] = 1; return 0; }\n";

  @TempDir private Path home;

  private Path lib() throws IOException {
    return Files.createDirectories(home.resolve("lib64"));
  }

  private Cann cann() {
    return CannAt.home(home);
  }

  private CannException rootInfoFails() {
    return assertThrows(CannException.class, () -> cann().hccl().getRootInfo());
  }

  private CannException initFails() {
    return assertThrows(CannException.class, () -> cann().acl().init());
  }

  @Test
  void looks_at_the_chosen_home_first_and_never_into_stubs() {
    CannLibraries libraries =
        new CannLibraries(
            Map.of(
                "ASCEND_HOME_PATH", "/home", "LD_LIBRARY_PATH", "/a:/c/devlib:/a:/c/lib64/stub:"),
            List.of(Path.of("/default")));

    assertEquals(
        List.of(Path.of("/home/lib64"), Path.of("/a"), Path.of("/default/lib64")),
        libraries.directories());
    assertEquals(List.of(Path.of("/c/devlib"), Path.of("/c/lib64/stub")), libraries.stubs());
  }

  @Test
  void libraries_of_a_family_come_from_one_directory() throws IOException {
    Path other = Files.createDirectories(home.resolve("other"));
    Files.createFile(lib().resolve("libacl_rt.so"));
    Files.createFile(other.resolve("libascendcl.so"));
    Files.createFile(other.resolve("libhcomm.so"));
    Files.createFile(other.resolve("libhccl.so"));
    CannLibraries libraries =
        CannAt.libraries(
            Map.of("ASCEND_HOME_PATH", home.toString(), "LD_LIBRARY_PATH", other.toString()));

    assertEquals(List.of(lib().resolve("libacl_rt.so")), libraries.find(Family.ACL));
    assertEquals(
        List.of(other.resolve("libhccl.so"), other.resolve("libhcomm.so")),
        libraries.find(Family.HCCL));
    assertEquals(Optional.empty(), libraries.missing(Family.ACL).map(CannException::text));
  }

  @Test
  void says_where_it_looked_when_nothing_is_installed() throws IOException {
    CannException e = initFails();

    assertEquals(0, e.code());
    assertEquals("aclInit", e.function());
    assertEquals("neither libascendcl.so nor libacl_rt.so found in " + lib(), e.text());
    assertTrue(e.advice().contains("set_env.sh before starting Java"), e.advice());
  }

  @Test
  void names_the_ops_package_when_only_the_toolkit_is_there() throws IOException {
    Files.createFile(lib().resolve("libacl_rt.so"));

    CannException e = rootInfoFails();

    assertEquals("neither libhccl.so nor libhcomm.so found in " + lib(), e.text());
    assertTrue(e.advice().contains("Ascend-cann-<soc>-ops"), e.advice());
  }

  @Test
  void names_stubs_that_it_did_not_use() {
    Path stub = home.resolve("devlib");
    CannLibraries libraries = CannAt.libraries(Map.of("LD_LIBRARY_PATH", stub.toString()));

    CannException e = libraries.missing(Family.ACL).orElseThrow();

    assertTrue(e.text().endsWith("to link with only: " + stub), e.text());
    assertTrue(e.advice().contains("out of LD_LIBRARY_PATH"), e.advice());
  }

  @Test
  void a_function_that_is_not_there_is_told_with_its_library()
      throws IOException, InterruptedException, CannException {
    Path library = Compiler.library(lib(), "libascendcl.so", ACL_INIT);
    Acl acl = cann().acl();

    assertTrue(acl.init());
    assertFalse(cann().has("aclrtGetDeviceCount"));
    CannException missing = assertThrows(CannException.class, acl::deviceCount);
    assertEquals("aclrtGetDeviceCount", missing.function());
    assertEquals("aclrtGetDeviceCount is not in " + library, missing.text());
    assertTrue(missing.advice().contains("8.1.RC1"), missing.advice());
    CannException newer = assertThrows(CannException.class, () -> acl.exportFabric(1, 0));
    assertEquals("use CANN 8.5.0 or later", newer.advice());
  }

  @Test
  void a_function_is_found_in_the_second_library()
      throws IOException, InterruptedException, CannException {
    Compiler.library(lib(), "libascendcl.so", "int umbrella;\n");
    Compiler.library(lib(), "libacl_rt.so", ACL_INIT);
    Compiler.library(lib(), "libhccl.so", "int collectives;\n");
    Path second = Compiler.library(lib(), "libhcomm.so", GET_ROOT_INFO);
    Cann cann = cann();

    assertTrue(cann.acl().init());
    assertEquals(1, cann.hccl().getRootInfo()[0]);
    CannException e = assertThrows(CannException.class, () -> cann.hccl().barrier(1, 1));
    assertEquals("HcclBarrier is not in " + lib().resolve("libhccl.so") + ", " + second, e.text());
    assertTrue(e.advice().contains("ops package"), e.advice());
  }

  @Test
  void the_plain_call_is_made_where_there_is_no_other_and_nothing_is_set()
      throws IOException, InterruptedException, CannException {
    Compiler.library(
        lib(),
        "libhccl.so",
        "int HcclCommInitRootInfo(unsigned n, const void *i, unsigned r, void **c)"
            + " { *c = (char *)0 + 10 * n + r; return i == 0; }\n");
    Hccl hccl = cann().hccl();
    byte[] rootInfo = new byte[CannAbi.HCCL_ROOT_INFO_BYTES];

    assertEquals(43, hccl.commInit(4, rootInfo, 3, CommSettings.DEFAULTS));
    CommSettings named =
        new CommSettings(CommSettings.DEFAULTS.bufferSizeMb(), Optional.of("world"));
    CannException e = assertThrows(CannException.class, () -> hccl.commInit(4, rootInfo, 3, named));
    assertEquals("HcclCommInitRootInfoConfig", e.function());
  }

  @Test
  void a_library_without_the_driver_names_the_driver() throws IOException, InterruptedException {
    Path hal = Compiler.library(lib(), "libascend_hal.so", "int hal;\n");
    Compiler.library(lib(), "libascendcl.so", ACL_INIT, "-Wl,--no-as-needed", hal.toString());
    Files.delete(hal);

    CannException e = initFails();

    assertTrue(
        e.text()
            .startsWith(
                lib().resolve("libascendcl.so")
                    + " can't be loaded: libascend_hal.so: cannot open"),
        e.text());
    assertTrue(e.advice().contains("/usr/local/Ascend/driver/lib64/driver"), e.advice());
    assertTrue(e.advice().contains("before starting Java"), e.advice());
  }

  @Test
  void a_library_without_another_one_names_the_environment()
      throws IOException, InterruptedException {
    Path other = Compiler.library(lib(), "libunified_dlog.so", "int logger;\n");
    Compiler.library(lib(), "libascendcl.so", ACL_INIT, "-Wl,--no-as-needed", other.toString());
    Files.delete(other);

    CannException e = initFails();

    assertTrue(e.text().contains("libunified_dlog.so"), e.text());
    assertTrue(e.advice().contains("set_env.sh before starting Java"), e.advice());
  }

  @Test
  void a_file_that_is_no_library_is_told_as_such() throws IOException {
    Files.writeString(
        lib().resolve("libascendcl.so"), "not a library, whatever its name may say\n");

    CannException e = initFails();

    assertTrue(e.advice().startsWith("the file is damaged or for another processor"), e.advice());
  }

  @Test
  void the_error_text_is_that_of_the_failed_call() throws IOException, InterruptedException {
    Compiler.library(
        lib(),
        "libascendcl.so",
        """
        static const char *text;
        int aclrtSetDevice(int d) { text = "EE1001: bad\\n  id"; return d ? 107001 : 0; }
        const char *aclGetRecentErrMsg(void) { const char *t = text; text = 0; return t; }
        int aclrtGetDeviceCount(unsigned *n) { return *n == 0 ? 207004 : 0; }
        """);
    Acl acl = cann().acl();

    CannException e = assertThrows(CannException.class, () -> acl.setDevice(9));
    assertEquals("EE1001: bad id", e.text());
    assertEquals(107001, e.code());
    assertEquals("", assertThrows(CannException.class, acl::deviceCount).text());
  }

  @Test
  @Timeout(20)
  void another_thread_sees_which_call_hangs()
      throws IOException, InterruptedException, ExecutionException, CannException {
    Compiler.library(
        lib(),
        "libascendcl.so",
        """
        static volatile int go;
        int aclrtResetDevice(int t) { while (!go) { } return t; }
        int aclrtFree(void *p) { go = 1; return 0; }
        """);
    Cann cann = cann();
    assertEquals(Optional.empty(), cann.calls().current());
    assertEquals(Duration.ZERO, cann.calls().since());

    CompletableFuture<Void> hanging =
        CompletableFuture.runAsync(
            () -> {
              try {
                cann.acl().resetDevice(0);
              } catch (CannException e) {
                throw new IllegalStateException(e);
              }
            });
    while (cann.calls().current().isEmpty()) {
      Thread.onSpinWait();
    }
    assertEquals(Optional.of("aclrtResetDevice"), cann.calls().current());
    assertFalse(cann.calls().since().isNegative());
    assertFalse(hanging.isDone());
    cann.acl().free(1);
    hanging.get();

    assertEquals(Optional.empty(), cann.calls().current());
  }
}
