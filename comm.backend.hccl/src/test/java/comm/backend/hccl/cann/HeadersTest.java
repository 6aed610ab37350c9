package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comm.backend.hccl.cann.CannAbi.Constant;
import comm.backend.hccl.cann.CannAbi.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table against headers: each line of it becomes an assertion that the C compiler checks. */
class HeadersTest {

  private static final Pattern ERROR =
      Pattern.compile("^[^:]*:([0-9]+):[0-9]+: (?:fatal )?error: (.*)$");

  private static final Path DOUBLE = Path.of("src", "test", "c", "include");

  @TempDir private Path directory;

  private final List<String> lines = new ArrayList<>();

  /** Writes the C text; gives the compiler's complaints by the line of the text they are of. */
  private Map<String, String> complaints(Path include) throws IOException, InterruptedException {
    Path file = directory.resolve("table.c");
    Files.write(file, lines);
    Compiler.Result result =
        Compiler.run(
            "-std=gnu11", "-fsyntax-only", "-fmax-errors=0", "-I" + include, file.toString());
    Map<String, String> complaints = new TreeMap<>();
    for (String line : result.output().lines().toList()) {
      Matcher matcher = ERROR.matcher(line);
      if (matcher.matches()) {
        complaints.put(lines.get(Integer.parseInt(matcher.group(1)) - 1), matcher.group(2));
      }
    }
    assertTrue(result.status() == 0 || !complaints.isEmpty(), result.output());
    return complaints;
  }

  private void claim(String expression) {
    lines.add("_Static_assert(" + expression + ", \"differs\");");
  }

  private void claimStructs(Header header) {
    for (Struct struct : CannAbi.structs(header)) {
      claim(
          "sizeof(%s) %s %d".formatted(struct.name(), struct.whole() ? "==" : ">=", struct.size()));
      for (Field field : struct.fields()) {
        claim("offsetof(%s, %s) == %d".formatted(struct.name(), field.name(), field.offset()));
        claim("sizeof(((%s *)0)->%s) == %d".formatted(struct.name(), field.name(), field.size()));
      }
    }
  }

  private void claimPublicTable() {
    lines.add("#include <stddef.h>");
    lines.add("#include <stdint.h>");
    lines.add("#include <acl/acl.h>");
    lines.add("#include <hccl/hccl.h>");
    claimStructs(Header.ACL);
    claimStructs(Header.HCCL);
    for (Constant constant : CannAbi.constants()) {
      if (constant.header() != Header.PRIVATE) {
        claim("%s == %dLL".formatted(constant.name(), constant.value()));
      }
    }
    for (CannFunction function : CannFunction.values()) {
      String type = function.prototype().replace(function.symbol() + "(", "(*)(");
      claim("__builtin_types_compatible_p(__typeof__(&%s), %s)".formatted(function.symbol(), type));
    }
  }

  private void claimCodes() {
    for (CodeMeaning code : AclCode.all()) {
      claim("%s == %d".formatted(code.name(), code.code()));
    }
    for (CodeMeaning code : HcclCode.all()) {
      claim("%s == %d".formatted(code.name(), code.code()));
    }
  }

  private static boolean contradicts(String complaint) {
    return complaint.startsWith("static assertion failed");
  }

  private Path ourHeaders() {
    assumeTrue(
        Files.isRegularFile(DOUBLE.resolve("acl/acl.h")),
        "there are no headers in " + DOUBLE.toAbsolutePath());
    return DOUBLE.toAbsolutePath();
  }

  @Test
  void our_own_headers_have_the_public_table() throws IOException, InterruptedException {
    Path include = ourHeaders();
    claimPublicTable();

    assertEquals(Map.of(), complaints(include));
  }

  @Test
  void our_own_headers_give_codes_the_same_numbers() throws IOException, InterruptedException {
    Path include = ourHeaders();
    lines.add("#include <acl/acl.h>");
    lines.add("#include <hccl/hccl.h>");
    claimCodes();

    // not every code is in them
    Map<String, String> complaints = complaints(include);
    complaints.values().removeIf(complaint -> !contradicts(complaint));
    assertEquals(Map.of(), complaints);
  }

  @Test
  void our_own_headers_have_the_private_structures() throws IOException, InterruptedException {
    Path include = ourHeaders();
    lines.add("#include <stddef.h>");
    lines.add("#include <mc2.h>");
    claimStructs(Header.PRIVATE);
    claim("offsetof(HcclOpResParam, remoteRes) == " + CannAbi.OP_REMOTE_RES);
    claim("sizeof(Mc2CcTilingInner) <= " + CannAbi.CC_TILING_LONGEST);

    assertEquals(Map.of(), complaints(include));
  }

  @Test
  void installed_headers_do_not_contradict_the_table() throws IOException, InterruptedException {
    String include = System.getenv().getOrDefault("COMM_CANN_INCLUDE", "");
    assumeTrue(
        !include.isBlank(), "COMM_CANN_INCLUDE doesn't name the include directory of a CANN");
    claimPublicTable();
    claimCodes();

    // an older version lacks some, and says so in other words
    Map<String, String> complaints = complaints(Path.of(include));
    complaints.values().removeIf(complaint -> !contradicts(complaint));
    assertEquals(Map.of(), complaints);
  }

  @Test
  void a_wrong_line_would_be_noticed() throws IOException, InterruptedException {
    lines.add("#include <stddef.h>");
    lines.add("typedef struct { int a; int b; } Pair;");
    claim("offsetof(Pair, b) == 4");
    claim("offsetof(Pair, b) == 8");
    claim("offsetof(Pair, c) == 4");

    Map<String, String> complaints = complaints(directory);
    assertEquals(2, complaints.size(), complaints.toString());
    complaints.values().removeIf(complaint -> !contradicts(complaint));
    assertEquals(
        List.of("_Static_assert(offsetof(Pair, b) == 8, \"differs\");"),
        List.copyOf(complaints.keySet()));
  }
}
