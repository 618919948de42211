"""The sentences people are told, by what happened: subject and text, Vietnamese and English.

A name in braces stands for a field of the event, or for the dossier's number, procedure, agency.
"""

FOOT_VI = "Hồ sơ: {dossier}\nThủ tục: {procedure}\nNơi tiếp nhận: {agency}"
FOOT_EN = "Dossier: {dossier}\nProcedure: {procedure}\nReceived at: {agency}"

WORDS: dict[str, tuple[str, str, str, str]] = {
    "dossier-submitted": (
        "Hồ sơ {dossier} đã được nộp",
        "Hồ sơ đã được nộp lúc {at}. Cơ quan sẽ kiểm tra và báo cho Ông/Bà biết hồ sơ có được "
        "tiếp nhận hay không.",
        "Dossier {dossier} was submitted",
        "The dossier was submitted at {at}. The agency will check it and tell you whether it "
        "can be received.",
    ),
    "intake-refused": (
        "Hồ sơ {dossier} không được tiếp nhận",
        "Cơ quan chưa thể tiếp nhận hồ sơ này. Lý do được ghi rõ trong hồ sơ. Khoản phí, lệ phí "
        "đã nộp (nếu có) sẽ được xem xét hoàn trả.",
        "Dossier {dossier} was not received",
        "The agency could not take this dossier in. The reason is stated on the dossier. A fee "
        "already paid will be considered for refund.",
    ),
    "supplement-requested": (
        "Hồ sơ {dossier} cần bổ sung",
        "Hồ sơ cần được bổ sung trước {answer_by}. Những nội dung cần bổ sung và lý do được nêu "
        "đầy đủ, một lần, trong hồ sơ.",
        "Dossier {dossier} needs a supplement",
        "Please complete the dossier before {answer_by}. What is asked for, and why, is listed "
        "once and completely on the dossier.",
    ),
    "dossier-supplemented intake": (
        "Hồ sơ {dossier} đã được bổ sung",
        "Nội dung bổ sung đã được gửi lúc {at}. Cơ quan sẽ kiểm tra và báo cho Ông/Bà biết hồ sơ "
        "có được tiếp nhận hay không.",
        "Dossier {dossier} was supplemented",
        "The supplement arrived at {at}. The agency will check it and tell you whether the "
        "dossier can be received.",
    ),
    "dossier-supplemented examination": (
        "Hồ sơ {dossier} đã được bổ sung",
        "Nội dung bổ sung đã được gửi lúc {at}. Ngày hẹn trả kết quả: {due}.",
        "Dossier {dossier} was supplemented",
        "The supplement arrived at {at}. The result is due at {due}.",
    ),
    "dossier-received": (
        "Hồ sơ {dossier} đã được tiếp nhận",
        "Hồ sơ đã được tiếp nhận lúc {at}, mã số hồ sơ {code}. Ngày hẹn trả kết quả: {due}.",
        "Dossier {dossier} was received",
        "The dossier was received at {at} under the code {code}. The result is due at {due}.",
    ),
    "fee-required online": (
        "Hồ sơ {dossier}: cần nộp phí, lệ phí",
        "Cần nộp {amount} phí, lệ phí trực tuyến trước {pay_by}. Hồ sơ sẽ được xem xét tiếp nhận "
        "sau khi nộp; quá thời hạn này hồ sơ hết hiệu lực.",
        "Dossier {dossier}: a fee is due",
        "Please pay the fee of {amount} online before {pay_by}. The dossier is considered once "
        "it is paid; after this time it lapses.",
    ),
    "fee-required desk": (
        "Hồ sơ {dossier}: phí, lệ phí nộp tại bộ phận một cửa",
        "Cần nộp {amount} phí, lệ phí tại bộ phận một cửa trước khi nhận kết quả. Việc giải "
        "quyết hồ sơ vẫn tiếp tục.",
        "Dossier {dossier}: a fee to be paid at the desk",
        "A fee of {amount} is to be paid at the one-stop desk before the result is handed over. "
        "Processing goes on meanwhile.",
    ),
    "exemption-granted": (
        "Hồ sơ {dossier} được miễn phí, lệ phí",
        "Đề nghị miễn phí, lệ phí đã được chấp nhận. Ông/Bà không phải nộp khoản nào. Căn cứ: "
        "{basis}.",
        "Dossier {dossier} is exempt from its fee",
        "The exemption was accepted: nothing is owed. Legal basis: {basis}.",
    ),
    "fee-settled": (
        "Hồ sơ {dossier}: đã nhận phí, lệ phí",
        "Khoản phí, lệ phí {amount} của hồ sơ đã được nộp đủ.",
        "Dossier {dossier}: the fee was paid",
        "The fee of {amount} for the dossier was paid in full.",
    ),
    "dossier-forwarded": (
        "Hồ sơ {dossier} đang được giải quyết",
        "Hồ sơ đã được chuyển đến bộ phận chuyên môn để giải quyết.",
        "Dossier {dossier} is being processed",
        "The dossier was passed to the specialists who process it.",
    ),
    "deadline-missed": (
        "Xin lỗi: hồ sơ {dossier} đã quá ngày hẹn trả",
        "Chúng tôi xin lỗi Ông/Bà: đã quá ngày hẹn trả ({due}) mà hồ sơ chưa có kết quả. Hồ sơ "
        "vẫn đang được giải quyết và Ông/Bà sẽ được báo ngay khi có kết quả.",
        "We apologise: dossier {dossier} is late",
        "We apologise: the due date ({due}) has passed without a result. The dossier is still "
        "being processed, and you will be told as soon as there is a result.",
    ),
    "deadline-extended": (
        "Xin lỗi: hồ sơ {dossier} được hẹn lại ngày trả",
        "Chúng tôi xin lỗi Ông/Bà: hồ sơ không thể có kết quả đúng ngày hẹn {previous}. Ngày hẹn "
        "trả mới: {due}. Lý do được ghi trong hồ sơ; ngày hẹn chỉ được lùi một lần.",
        "We apologise: dossier {dossier} has a new due date",
        "We apologise: the result cannot be ready by {previous}. The new due date is {due}. The "
        "reason is on the dossier; a due date is moved once only.",
    ),
    "withdrawal-requested": (
        "Hồ sơ {dossier}: đã nhận yêu cầu rút hồ sơ",
        "Yêu cầu rút hồ sơ đã được ghi nhận lúc {at}. Ông/Bà sẽ được báo khi yêu cầu được quyết "
        "định.",
        "Dossier {dossier}: your request to withdraw arrived",
        "The request to withdraw the dossier arrived at {at}. You will be told when it is decided.",
    ),
    "withdrawal-decided accepted": (
        "Hồ sơ {dossier} đã được rút",
        "Hồ sơ đã được rút theo yêu cầu và không được giải quyết nữa. Khoản phí, lệ phí đã nộp "
        "(nếu có) sẽ được xem xét hoàn trả.",
        "Dossier {dossier} was withdrawn",
        "The dossier was withdrawn as requested and is processed no further. A fee already paid "
        "will be considered for refund.",
    ),
    "withdrawal-decided declined": (
        "Hồ sơ {dossier}: yêu cầu rút không được chấp nhận",
        "Yêu cầu rút hồ sơ không được chấp nhận; lý do được ghi trong hồ sơ. Hồ sơ tiếp tục được "
        "giải quyết.",
        "Dossier {dossier}: withdrawal was not accepted",
        "The request to withdraw was not accepted; the reason is on the dossier. Processing goes "
        "on.",
    ),
    "processing-stopped": (
        "Hồ sơ {dossier} đã dừng xử lý",
        "Việc giải quyết hồ sơ đã dừng. Lý do được ghi trong hồ sơ.",
        "Processing of dossier {dossier} was stopped",
        "Processing of the dossier was stopped. The reason is on the dossier.",
    ),
    "processing-stopped by law": (
        "Hồ sơ {dossier} đã dừng xử lý",
        "Việc giải quyết hồ sơ đã dừng theo {law}. Lý do được ghi trong hồ sơ.",
        "Processing of dossier {dossier} was stopped",
        "Processing of the dossier was stopped under {law}. The reason is on the dossier.",
    ),
    "processing-resumed": (
        "Hồ sơ {dossier} được tiếp tục xử lý",
        "Việc giải quyết hồ sơ được tiếp tục. Ngày hẹn trả kết quả: {due}.",
        "Processing of dossier {dossier} goes on",
        "Processing of the dossier goes on. The result is due at {due}.",
    ),
    "result-issued desk": (
        "Hồ sơ {dossier} đã có kết quả",
        "Kết quả số {number} đã được ban hành. Xin mời Ông/Bà đến bộ phận một cửa nơi tiếp nhận "
        "để nhận kết quả, mang theo giấy tờ tùy thân.",
        "Dossier {dossier} has its result",
        "The result no. {number} was issued. Please collect it at the one-stop desk that received "
        "the dossier and bring your identity document.",
    ),
    "result-issued post": (
        "Hồ sơ {dossier} đã có kết quả",
        "Kết quả số {number} đã được ban hành và sẽ được gửi qua bưu điện đến địa chỉ Ông/Bà đã "
        "đăng ký. Mã vận đơn sẽ được báo khi gửi.",
        "Dossier {dossier} has its result",
        "The result no. {number} was issued and will be sent by post to the address you gave. You "
        "will be told the tracking number when it is posted.",
    ),
    "result-issued online": (
        "Hồ sơ {dossier} đã có kết quả",
        "Kết quả số {number} đã được ban hành. Ông/Bà nhận kết quả điện tử ngay trong hồ sơ.",
        "Dossier {dossier} has its result",
        "The result no. {number} was issued. Collect the electronic result on the dossier.",
    ),
    "result-recalled": (
        "Xin lỗi: kết quả của hồ sơ {dossier} được thu hồi",
        "Chúng tôi xin lỗi Ông/Bà: kết quả đã ban hành có sai sót và được thu hồi để làm lại. "
        "Ông/Bà sẽ được báo khi có kết quả mới.",
        "We apologise: the result of dossier {dossier} was recalled",
        "We apologise: an error was found in the result, which was recalled to be done again. You "
        "will be told when there is a new one.",
    ),
    "result-posted": (
        "Kết quả của hồ sơ {dossier} đã được gửi bưu điện",
        "Kết quả đã được gửi qua bưu điện lúc {at}. Mã vận đơn: {tracking}.",
        "The result of dossier {dossier} was posted",
        "The result was given to the post at {at}. Tracking number: {tracking}.",
    ),
    "result-handed-over desk": (
        "Hồ sơ {dossier}: đã trả kết quả",
        "Kết quả đã được trao tại bộ phận một cửa lúc {at}.",
        "Dossier {dossier}: the result was handed over",
        "The result was handed over at the one-stop desk at {at}.",
    ),
    "result-handed-over post": (
        "Hồ sơ {dossier}: đã trả kết quả",
        "Kết quả gửi qua bưu điện đã đến người nhận lúc {at}.",
        "Dossier {dossier}: the result was handed over",
        "The result sent by post reached its recipient at {at}.",
    ),
    "result-handed-over online": (
        "Hồ sơ {dossier}: đã trả kết quả",
        "Kết quả điện tử đã được nhận lúc {at}.",
        "Dossier {dossier}: the result was handed over",
        "The electronic result was collected at {at}.",
    ),
    "dossier-lapsed supplement": (
        "Hồ sơ {dossier} đã hết hạn chờ bổ sung",
        "Hồ sơ không được bổ sung trong thời hạn nên không được giải quyết nữa. Ông/Bà có thể "
        "nộp hồ sơ mới bất cứ lúc nào.",
        "Dossier {dossier} lapsed: no supplement came",
        "The dossier was not supplemented in time and is processed no further. You may submit a "
        "new one at any time.",
    ),
    "dossier-lapsed payment": (
        "Hồ sơ {dossier} đã hết hạn chờ nộp phí, lệ phí",
        "Phí, lệ phí không được nộp trong thời hạn nên hồ sơ không được giải quyết nữa. Ông/Bà "
        "có thể nộp hồ sơ mới bất cứ lúc nào.",
        "Dossier {dossier} lapsed: the fee was not paid",
        "The fee was not paid in time, and the dossier is processed no further. You may submit a "
        "new one at any time.",
    ),
    "payment-failed": (
        "Hồ sơ {dossier}: thanh toán không thành công",
        "Lần thanh toán lúc {at} không thành công. Khoản phí, lệ phí vẫn cần được nộp; Ông/Bà có "
        "thể thanh toán lại từ hồ sơ.",
        "Dossier {dossier}: a payment did not succeed",
        "The payment attempt at {at} did not succeed. The fee is still owed; you can pay again "
        "from the dossier.",
    ),
    "receipt-issued": (
        "Hồ sơ {dossier}: biên lai số {number}",
        "Biên lai số {number} đã được lập cho số tiền {amount}. Ông/Bà xem biên lai trong hồ sơ.",
        "Dossier {dossier}: receipt no. {number}",
        "Receipt no. {number} was issued for {amount}. You find it on the dossier.",
    ),
    "refund-approved": (
        "Hồ sơ {dossier}: hoàn tiền được phê duyệt",
        "Việc hoàn trả phí, lệ phí đã nộp được phê duyệt. Tiền sẽ được hoàn và Ông/Bà sẽ được báo "
        "khi hoàn xong.",
        "Dossier {dossier}: the refund was approved",
        "The refund of the fee was approved. The money will be returned, and you will be told "
        "when it was.",
    ),
    "fee-refunded": (
        "Hồ sơ {dossier}: đã hoàn tiền",
        "Số tiền {amount} đã được hoàn trả lúc {at}.",
        "Dossier {dossier}: the money was returned",
        "{amount} was returned at {at}.",
    ),
}
