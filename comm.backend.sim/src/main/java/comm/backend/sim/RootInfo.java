package comm.backend.sim;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What rank 0 says in the rootinfo file: five lines of text, the last one a checksum.
 *
 * @param token the run's own number, 32 hexadecimal digits
 * @param segment name of the control segment
 * @param size number of ranks
 * @param pid process of rank 0
 */
record RootInfo(String token, String segment, int size, long pid) {

  /** Nothing longer is ever read. */
  static final int MOST_BYTES = 512;

  private static final String FIRST_LINE = "comm-sim rendezvous 1";
  private static final Pattern FORM =
      Pattern.compile(
          Pattern.quote(FIRST_LINE)
              + "\ntoken=([0-9a-f]{32})\nsegment=(/comm-sim-[0-9]{1,10}-[0-9a-f]{32})"
              + "\nsize=([0-9]{1,2})\npid=([0-9]{1,18})\ncheck=([0-9a-f]{8})\n");

  byte[] encode() {
    String body =
        FIRST_LINE
            + "\ntoken="
            + token
            + "\nsegment="
            + segment
            + "\nsize="
            + size
            + "\npid="
            + pid
            + "\n";
    return (body + "check=" + checksum(body) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** Empty if the bytes aren't the whole of a rootinfo file. */
  static Optional<RootInfo> decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !form.group(5).equals(checksum(text.substring(0, form.start(5) - 6)))) {
      return Optional.empty();
    }
    return Optional.of(
        new RootInfo(
            form.group(1),
            form.group(2),
            Integer.parseInt(form.group(3)),
            Long.parseLong(form.group(4))));
  }

  private static String checksum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
