#include "stun/attributes.h"

#include <gtest/gtest.h>

#include <vector>

#include "stun/message_builder.h"
#include "stun/test_vectors.h"

namespace parley::stun {
namespace {

constexpr TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

std::vector<std::uint8_t> value_of(const MessageBuilder& builder, Attribute type) {
  const Bytes value = MessageView::parse(builder.view()).value().find(type).value();
  return {value.begin(), value.end()};
}

TEST(StunAttributes, ReadTheAddressesOfTheRfc5769Responses) {
  const auto read = [](const vectors::Message& vector) {
    const auto message = MessageView::parse(vector).value();
    return read_xor_address(message.find(Attribute::kXorMappedAddress).value(),
                            message.transaction_id());
  };
  EXPECT_EQ(read(vectors::kIpv4Response), address("192.0.2.1:32853"));
  EXPECT_EQ(read(vectors::kIpv6Response), address("[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
}

TEST(StunAttributes, ReadBackTheAddressesThatWereWritten) {
  for (const char* text :
       {"0.0.0.0:0", "255.255.255.255:65535", "192.0.2.7:3478", "[::]:0", "[2001:db8::1]:49152"}) {
    MessageBuilder builder(Class::kSuccess, Method::kBinding, kId);
    builder.add_xor_address(Attribute::kXorMappedAddress, address(text));
    builder.add_address(Attribute::kMappedAddress, address(text));
    EXPECT_EQ(read_xor_address(value_of(builder, Attribute::kXorMappedAddress), kId),
              address(text));
    EXPECT_EQ(read_address(value_of(builder, Attribute::kMappedAddress)), address(text));
  }
}

TEST(StunAttributes, ObscureAnAddressByTheTransaction) {
  MessageBuilder builder(Class::kSuccess, Method::kBinding, kId);
  builder.add_xor_address(Attribute::kXorMappedAddress, address("[2001:db8::1]:1"));
  const auto value = value_of(builder, Attribute::kXorMappedAddress);
  TransactionId other = kId;
  ++other.back();
  EXPECT_NE(read_xor_address(value, other), address("[2001:db8::1]:1"));
}

TEST(StunAttributes, RefuseAnAddressOfAnyOtherSizeOrFamily) {
  for (const char* text : {"192.0.2.1:1", "[2001:db8::1]:1"}) {
    MessageBuilder builder(Class::kSuccess, Method::kBinding, kId);
    builder.add_address(Attribute::kMappedAddress, address(text));
    auto value = value_of(builder, Attribute::kMappedAddress);
    for (std::size_t size = 0; size < value.size(); ++size) {
      EXPECT_EQ(read_address(Bytes(value).first(size)), std::nullopt) << size;
    }
    value.push_back(0);
    EXPECT_EQ(read_address(value), std::nullopt);
    value.pop_back();
    for (const std::uint8_t family : std::initializer_list<std::uint8_t>{0, 3, 255}) {
      value[1] = family;
      EXPECT_EQ(read_address(value), std::nullopt);
    }
  }
}

TEST(StunAttributes, ReadBackTheErrorThatWasWritten) {
  MessageBuilder builder(Class::kError, Method::kBinding, kId);
  builder.add_error(ErrorCode::kRoleConflict, "Role Conflict");
  const auto value = value_of(builder, Attribute::kErrorCode);
  const auto error = read_error(value);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::kRoleConflict);
  EXPECT_EQ(error->reason, "Role Conflict");
}

TEST(StunAttributes, RefuseAnErrorOutOfRange) {
  using Value = std::vector<std::uint8_t>;
  EXPECT_TRUE(read_error(Value{0, 0, 3, 0}));
  EXPECT_TRUE(read_error(Value{0, 0, 6, 99}));
  EXPECT_FALSE(read_error(Value{0, 0, 2, 99}));
  EXPECT_FALSE(read_error(Value{0, 0, 7, 0}));
  EXPECT_FALSE(read_error(Value{0, 0, 4, 100}));
  EXPECT_FALSE(read_error(Value{0, 0, 4}));
  EXPECT_FALSE(read_error(Value{}));
}

TEST(StunAttributes, TakeTheNameOfAHostAsADomainAndNothingElse) {
  const std::string longest_label(63, 'a');
  const std::string longest =
      longest_label + "." + longest_label + "." + longest_label + "." + longest_label;
  for (const std::string& good : {std::string("turn.example.org"), std::string("xn--mnchen-3ya.de"),
                                  std::string("3com.EXAMPLE"), std::string("localhost"), longest}) {
    EXPECT_EQ(read_domain(as_bytes(good)), good);
  }
  for (const std::string& bad :
       {std::string(), std::string("turn..example"), std::string(".example"),
        std::string("example."), std::string("-turn.example"), std::string("turn-.example"),
        std::string("turn.example-"), std::string("turn example"), std::string("*.example.org"),
        std::string("m\xC3\xBCnchen.de"), std::string("a\0b", 3), longest_label + "a",
        longest + ".a"}) {
    EXPECT_FALSE(read_domain(as_bytes(bad))) << bad;
  }
}

}  // namespace
}  // namespace parley::stun
